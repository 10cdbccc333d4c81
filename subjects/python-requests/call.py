"""call.py [--insecure] URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST, as a program that uses requests makes it."""
import sys

import requests

words = sys.argv[1:]
verified = words[0] != "--insecure"
url, ca, headers, body, seconds, *identity = words if verified else words[1:]
with open(headers) as lines:
    fields = dict(line.rstrip("\n").split(": ", 1) for line in lines)
with open(body, "rb") as content:
    answer = requests.post(
        url, data=content.read(), headers=fields, verify=ca if verified else False, cert=tuple(identity) or None, timeout=float(seconds))
answer.raise_for_status()
print(answer.text)
