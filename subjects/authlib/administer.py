"""Makes clients and users for issuer.py, in the file beside its store. Prints one JSON object.

Usage: administer.py client CONFIG ID [--public] [--introspection] [--scope=S …] [--resource=URI …] [--redirect-uri=URI …]
       administer.py user CONFIG NAME
"""
import argparse
import json
import os
import secrets

parser = argparse.ArgumentParser()
parser.add_argument("what", choices=["client", "user"])
parser.add_argument("config")
parser.add_argument("name")
parser.add_argument("--public", action="store_true")
parser.add_argument("--introspection", action="store_true")
for name in ("scope", "resource", "redirect-uri"):
    parser.add_argument(f"--{name}", action="append", default=[])
given = parser.parse_args()

with open(given.config, encoding="utf-8") as file:
    path = json.load(file)["store"] + ".json"
known = {"clients": {}, "users": {}}
if os.path.exists(path):
    with open(path, encoding="utf-8") as file:
        known = json.load(file)

secret = secrets.token_urlsafe(32)
if given.what == "user":
    known["users"][given.name] = secret
    answer = {"user": given.name, "password": secret}
else:
    known["clients"][given.name] = {
        "secret": None if given.public else secret, "scopes": given.scope, "resources": given.resource,
        "redirect_uris": given.redirect_uri, "introspection": given.introspection}
    answer = {"client_id": given.name} | ({} if given.public else {"client_secret": secret})

# Replaced by rename, so that the issuer reads the old file or the new one.
with os.fdopen(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
    json.dump(known, file)
os.replace(path + ".new", path)
print(json.dumps(answer))
