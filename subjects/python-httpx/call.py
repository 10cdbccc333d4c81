"""call.py URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST, as a program that uses httpx makes it."""
import ssl
import sys

import httpx

url, ca, headers, body, seconds, *identity = sys.argv[1:]
with open(headers) as lines:
    fields = dict(line.rstrip("\n").split(": ", 1) for line in lines)
context = ssl.create_default_context(cafile=ca)
if identity:
    context.load_cert_chain(*identity)
with open(body, "rb") as content:
    answer = httpx.post(url, content=content.read(), headers=fields, verify=context, timeout=float(seconds))
# It follows no redirect by itself, and one is no success.
answer.raise_for_status()
print(answer.text)
