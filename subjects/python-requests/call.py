"""call.py URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST, as a program that uses requests would make it."""

import sys

import requests

url, ca, headers, body, seconds, *identity = sys.argv[1:]
with open(headers) as lines:
    fields = dict(line.rstrip("\n").split(": ", 1) for line in lines)
with open(body, "rb") as content:
    answer = requests.post(url, data=content.read(), headers=fields, verify=ca, cert=tuple(identity) or None, timeout=float(seconds))
answer.raise_for_status()
print(answer.text)
