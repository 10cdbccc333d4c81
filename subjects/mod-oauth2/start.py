"""Apache with mod_oauth2 as a gate before a service: an access token of the bed's issuer for this server, or no entry.

Usage: start.py CONFIGURATION PORT       becomes apache2, in the foreground
"""
import ctypes
import json
import os
import signal
import sys
import urllib.parse
import urllib.request

configuration, port = sys.argv[1], int(sys.argv[2])
with open(configuration) as file:
    told = json.load(file)
if told["scheme"] not in ("oauth-jwt", "oauth-introspection"):
    sys.exit(f"this server knows no scheme {told['scheme']}")
tls, issuer = told["tls"], told["issuers"][0]
metadata = f"{issuer['issuer']}/.well-known/oauth-authorization-server"
with urllib.request.urlopen(metadata, timeout=5) as answer:
    known = json.load(answer)
if told["scheme"] == "oauth-jwt":
    verify = f'OAuth2TokenVerify jwks_uri {known["jwks_uri"]} verify.exp=required&verify.iat=required'
else:
    with open(issuer["client_secret_file"]) as file:
        who = urllib.parse.urlencode({"client_id": issuer["client_id"], "client_secret": file.read().strip()})
    # What was learnt is remembered for 300 s if nothing is said.
    verify = f'OAuth2TokenVerify introspect {known["introspection_endpoint"]} introspect.auth=client_secret_basic&expiry=0&{who}'
resource = told.get("resource") or f"https://127.0.0.1:{port}/mcp"
folder = os.path.join(os.path.dirname(configuration), f"mod-oauth2-{port}")
os.makedirs(f"{folder}/www", mode=0o700, exist_ok=True)
for name in ("read", "write"):
    with open(f"{folder}/www/{name}", "w") as file:
        file.write(f"{name}\n")
modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "ssl", "socache_shmcb", "unixd", "dir", "mime", "reqtimeout", "oauth2"]
places = {name: f"/usr/lib/apache2/modules/mod_{name}.so" for name in modules}
loading = "\n".join(f"LoadModule {name}_module {place}" for name, place in places.items() if os.path.exists(place))


# The secret stands in it.
with os.fdopen(os.open(f"{folder}/apache.conf", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
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
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLCertificateFile "{tls["certificate"]}"
  SSLCertificateKeyFile "{tls["key"]}"
  <Location />
    AuthType oauth2
    {verify}
    <RequireAll>
      Require oauth2_claim iss:{issuer["issuer"]}
      Require oauth2_claim aud:{resource}
    </RequireAll>
  </Location>
</VirtualHost>
""")
# It is to end when the bed does.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
os.execv("/usr/sbin/apache2", ["apache2", "-f", f"{folder}/apache.conf", "-D", "FOREGROUND"])
