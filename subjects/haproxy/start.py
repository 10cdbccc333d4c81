"""HAProxy as a gate before a service: a client certificate of the bed's authority, and not on its revocation list, or no entry.

Usage: start.py CONFIGURATION PORT       becomes haproxy, in the foreground
"""
import ctypes
import json
import os
import shutil
import signal
import sys

configuration, port = sys.argv[1], int(sys.argv[2])
with open(configuration) as file:
    told = json.load(file)
if told["scheme"] not in ("mtls", "mtls-crl"):
    sys.exit(f"this server knows no scheme {told['scheme']}")
tls = told["tls"]
folder = os.path.join(os.path.dirname(configuration), f"haproxy-{port}")
os.makedirs(folder, mode=0o700, exist_ok=True)
lists = f'crl-file {tls["crl"]}' if tls.get("crl") else ""
# It reads the certificate and its key from one file, or from two whose names differ by `.key`.
shown = os.path.join(folder, "server.pem")
for place, source in ((shown, tls["certificate"]), (shown + ".key", tls["key"])):
    if not os.path.islink(place):
        os.symlink(source, place)
# The authorities that help to build a chain; without one that is trusted above them they open nothing.
helpers = f'ca-verify-file {tls["intermediates"]}' if tls.get("intermediates") else ""
with open(f"{folder}/haproxy.cfg", "w") as file:
    file.write(f"""
global
  log stderr local0 notice
  ssl-load-extra-files key
defaults
  mode http
  timeout client {told.get("handshake_seconds", 30)}s
  timeout connect 5s
  timeout server 30s
frontend gate
  bind 127.0.0.1:{port} ssl crt {shown} ca-file {tls["client_ca"]} {helpers} {lists} verify required ssl-min-ver TLSv1.2
  http-request return status 200 content-type text/plain string "read" if {{ path /read }}
  http-request return status 200 content-type text/plain string "written" if {{ path /write }}
  http-request return status 404 content-type text/plain string "nothing"
""")
# It is to end when the bed does.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
program = shutil.which("haproxy") or "/usr/sbin/haproxy"
os.execv(program, ["haproxy", "-W", "-f", f"{folder}/haproxy.cfg"])
