"""Apache as a gate before a service: a client certificate of the bed's authority, and not on its revocation list, or no entry.

Usage: start.py CONFIGURATION PORT       becomes apache2, in the foreground
"""
import ctypes
import json
import os
import signal
import sys

configuration, port = sys.argv[1], int(sys.argv[2])
with open(configuration) as file:
    told = json.load(file)
if told["scheme"] not in ("mtls", "mtls-crl", "mtls-ocsp"):
    sys.exit(f"this server knows no scheme {told['scheme']}")
tls = told["tls"]
folder = os.path.join(os.path.dirname(configuration), f"apache-{port}")
os.makedirs(f"{folder}/www", mode=0o700, exist_ok=True)
for name in ("read", "write"):
    with open(f"{folder}/www/{name}", "w") as file:
        file.write(f"{name}\n")
lists = f'SSLCARevocationFile "{tls["crl"]}"\nSSLCARevocationCheck chain' if tls.get("crl") else ""
asking = ""
if tls.get("ocsp"):
    # Asked of the caller's own certificate alone, anew each time; no answer is no entry. Answers do not bring the authority's certificate
    # along, and it looks for who signed them among these.
    asking = f"""SSLOCSPEnable leaf
  SSLOCSPDefaultResponder {tls["ocsp"]["responder"]}
  SSLOCSPOverrideResponder on
  SSLOCSPResponderCertificateFile "{tls.get("intermediates", tls["client_ca"])}"
  SSLOCSPResponderTimeout {tls["ocsp"]["timeout_seconds"]}"""
modules = ["mpm_event", "authn_core", "authz_core", "ssl", "socache_shmcb", "unixd", "dir", "mime", "actions", "reqtimeout"]
loading = "\n".join(
    f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules if os.path.exists(f"/usr/lib/apache2/modules/mod_{name}.so"))
# It has one file for the authority that is trusted and for those that help to build a chain to it.
trusted = os.path.join(folder, "authorities.pem")
with open(trusted, "w") as file:
    for part in (tls["client_ca"], tls.get("intermediates")):
        if part:
            with open(part) as source:
                file.write(source.read())
with open(f"{folder}/apache.conf", "w") as file:
    file.write(f"""
ServerRoot "{folder}"
ServerName 127.0.0.1
PidFile "{folder}/apache.pid"
DefaultRuntimeDir "{folder}"
Mutex file:{folder} default
{loading}
ErrorLog /dev/stderr
LogLevel warn
Listen 127.0.0.1:{port}
TypesConfig /dev/null
SSLSessionCache shmcb:{folder}/sessions(512000)
DocumentRoot "{folder}/www"
<VirtualHost 127.0.0.1:{port}>
  SSLEngine on
  RequestReadTimeout handshake={told.get("handshake_seconds", 0)} header=20-40,minrate=500
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLCertificateFile "{tls["certificate"]}"
  SSLCertificateKeyFile "{tls["key"]}"
  SSLCACertificateFile "{trusted}"
  SSLCADNRequestFile "{tls["client_ca"]}"
  {lists}
  {asking}
  SSLVerifyClient require
  SSLVerifyDepth {tls.get("max_chain", 5) - 1}
  <Directory "{folder}/www">
    Require all granted
  </Directory>
</VirtualHost>
""")
# It is to end when the bed does.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execv("/usr/sbin/apache2", ["apache2", "-f", f"{folder}/apache.conf", "-D", "FOREGROUND"])
