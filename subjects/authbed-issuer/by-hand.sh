#!/usr/bin/env bash
# The official Python client against mcp-server and token-issuer: discovery, registration, authorization code, refresh and step-up
# in both revisions; then once more as a client whose identifier is the URL of its metadata document.
# Usage: PYTHON=… subjects/authbed-issuer/by-hand.sh [BIN]   PYTHON has mcp; BIN holds the programs, .build/release if not given.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$(cd "${1:-.build/release}" && pwd)
here=$PWD/subjects/authbed-issuer
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
umask 077
mkdir "$work/files" "$work/documents" && echo "hello from the test bed" > "$work/files/hello.txt"
"$bin/certs-gen" build --manifest certs-gen/pki.yaml --out "$work/pki" > "$work/pki.json"
cd "$work"

# start NAME COMMAND…: sets url to what the ready line names.
start() {
  local name=$1; shift
  mkfifo "$name.ready"
  "$@" > "$name.ready" 2> "$name.log" &
  pids+=($!)
  url=$(python3 -c 'import json,sys; print(json.loads(sys.stdin.readline())["ready"]["url"])' < "$name.ready")
}

cat > issuer.json <<JSON
{"store":"$work/issuer.sqlite","audit":"$work/issuer.audit","dynamic_registration":true,"client_id_metadata":true,
 "client_id_metadata_ca":"$work/pki/ca.pem","client_id_metadata_private":true,
 "tls":{"certificate":"$work/pki/issuer.pem","key":"$work/pki/issuer.key"}}
JSON
start issuer "$bin/token-issuer" serve --config issuer.json; issuer=$url
"$bin/token-issuer" users add ann --config issuer.json > login.json
"$bin/token-issuer" clients add mcp-server --introspection --config issuer.json |
  python3 -c 'import json,sys; print(json.load(sys.stdin)["client_secret"])' > introspection.secret

# The document of a client, on a host of its own.
cat > host.py <<'PYTHON'
import functools, http.server, json, ssl, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="documents")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("pki/server.pem", "pki/server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
url = f"https://localhost:{server.server_port}/client.json"
document = {"client_id": url, "client_name": "official client", "redirect_uris": ["http://127.0.0.1:33418/callback"],
            "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none"}
open("documents/client.json", "w").write(json.dumps(document))
print(json.dumps({"ready": {"url": url}}), flush=True)
server.serve_forever()
PYTHON
start host python3 host.py; document=$url

for scheme in oauth-jwt oauth-introspection; do
  cat > $scheme.json <<JSON
{"scheme":"$scheme","store":"$work/$scheme.sqlite","files":"$work/files","audit":"$work/$scheme.audit",
 "tls":{"certificate":"$work/pki/server.pem","key":"$work/pki/server.key"},
 "issuers":[{"issuer":"$issuer","ca":"$work/pki/ca.pem","client_id":"mcp-server","client_secret_file":"$work/introspection.secret"}]}
JSON
  start $scheme "$bin/mcp-server" serve --config $scheme.json
  for client in "" "$document"; do
    echo "$scheme, ${client:-a client that registers itself}"
    "${PYTHON:-python3}" "$here/official_client.py" "$url/mcp" pki/ca.pem login.json $client
  done
done
