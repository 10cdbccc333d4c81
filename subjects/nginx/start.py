"""nginx as a gate before a service: a client certificate of the bed's authority, and not on its revocation list, or no entry.

Usage: start.py CONFIGURATION PORT       becomes nginx, in the foreground
"""
import ctypes
import getpass
import json
import os
import shutil
import signal
import sys

configuration, port = sys.argv[1], int(sys.argv[2])
with open(configuration) as file:
    told = json.load(file)
if told["scheme"] not in ("mtls", "mtls-crl", "mtls-ocsp"):
    sys.exit(f"this server knows no scheme {told['scheme']}")
tls = told["tls"]
folder = os.path.join(os.path.dirname(configuration), f"nginx-{port}")
os.makedirs(folder, mode=0o700, exist_ok=True)
lists = f'ssl_crl "{tls["crl"]}";' if tls.get("crl") else ""
# Asked of the caller's own certificate alone, anew each time; no answer is no entry.
asking = f'ssl_ocsp on; ssl_ocsp_responder {tls["ocsp"]["responder"]};' if tls.get("ocsp") else ""
# Authorities that help to build a chain; without one that is trusted above them they open nothing.
helpers = f'ssl_trusted_certificate "{tls["intermediates"]}";' if tls.get("intermediates") else ""
# It counts the authorities between the caller's certificate and the trusted one, and the document all of a chain.
depth = tls.get("max_chain", 6) - 2
# Its limit for the handshake is the one for a request's header.
patience = told.get("handshake_seconds", 60)
places = "\n".join(f'  {name}_temp_path "{folder}/{name}";' for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
clock = "\n".join(f"env {name};" for name in os.environ if name.startswith("FAKETIME"))
with open(f"{folder}/nginx.conf", "w") as file:
    file.write(f"""
daemon off;
# The workers read the files that the master reads, the clock among them.
user {getpass.getuser()};
worker_processes 1;
pid "{folder}/nginx.pid";
error_log stderr warn;
{clock}
events {{ worker_connections 256; }}
http {{
  access_log off;
{places}
  server {{
    listen 127.0.0.1:{port} ssl;
    server_name 127.0.0.1;
    ssl_certificate "{tls["certificate"]}";
    ssl_certificate_key "{tls["key"]}";
    ssl_client_certificate "{tls["client_ca"]}";
    {helpers}
    {lists}
    {asking}
    ssl_verify_client on;
    ssl_verify_depth {depth};
    client_header_timeout {patience}s;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:sessions:1m;
    default_type text/plain;
    # What nginx says of a certificate that it refuses, so that a reader knows.
    error_page 495 496 = @refused;
    location @refused {{ return 400 "refused: $ssl_client_verify\\n"; }}
    location = /read {{ return 200 "read\\n"; }}
    location = /write {{ return 200 "written\\n"; }}
  }}
}}
""")
# It is to end when the bed does.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
program = shutil.which("nginx") or "/usr/sbin/nginx"
os.execv(program, ["nginx", "-e", "stderr", "-p", folder, "-c", f"{folder}/nginx.conf"])
