"""call.py URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST by Python's own library."""
import ssl
import sys
import urllib.request

url, ca, headers, body, seconds, *identity = sys.argv[1:]
with open(headers) as lines:
    fields = dict(line.rstrip("\n").split(": ", 1) for line in lines)
context = ssl.create_default_context(cafile=ca)
if identity:
    context.load_cert_chain(*identity)
with open(body, "rb") as content:
    request = urllib.request.Request(url, data=content.read(), headers=fields, method="POST")
# A status that is no success is raised.
with urllib.request.urlopen(request, context=context, timeout=float(seconds)) as answer:
    print(answer.read().decode())
