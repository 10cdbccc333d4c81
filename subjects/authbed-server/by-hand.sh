#!/usr/bin/env bash
# Calls read_file on mcp-server with nothing but curl, once in each scheme and era: the examples of docs/programs.md, run.
# Usage: subjects/authbed-server/by-hand.sh [BIN]   BIN holds the programs; .build/release if not given.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$(cd "${1:-.build/release}" && pwd)
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
umask 077
mkdir "$work/files" && echo "hello from the test bed" > "$work/files/hello.txt"
"$bin/certs-gen" build --manifest certs-gen/pki.yaml --out "$work/pki" > "$work/pki.json"
"$bin/certs-gen" crl --pki "$work/pki" --out "$work/revoked.crl" > "$work/crl.json"

# start NAME PROGRAM: serves NAME.json and sets url to what the ready line names.
start() {
  mkfifo "$work/$1.ready"
  "$bin/$2" serve --config "$work/$1.json" > "$work/$1.ready" 2> "$work/$1.log" &
  pids+=($!)
  url=$(python3 -c 'import json,sys; print(json.loads(sys.stdin.readline())["ready"]["url"])' < "$work/$1.ready")
}
member() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

modern() {  # modern URL CURL-OPTION…: one stateless call of the 2026-07-28 revision
  local url=$1; shift
  curl -sS --fail-with-body --cacert "$work/pki/ca.pem" "$@" "$url/mcp" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: read_file' \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"hello.txt"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
}
older() {  # older URL CURL-OPTION…: a session of the 2025-11-25 revision
  local url=$1 session; shift
  session=$(curl -sS --fail-with-body --cacert "$work/pki/ca.pem" "$@" -D - -o /dev/null "$url/mcp" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -d '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"curl","version":"8"}}}' \
    | tr -d '\r' | sed -n 's/^mcp-session-id: //Ip')
  curl -sS --fail-with-body --cacert "$work/pki/ca.pem" "$@" "$url/mcp" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H "MCP-Session-Id: $session" -H 'MCP-Protocol-Version: 2025-11-25' -d '{"jsonrpc":"2.0","method":"notifications/initialized"}'
  curl -sS --fail-with-body --cacert "$work/pki/ca.pem" "$@" "$url/mcp" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H "MCP-Session-Id: $session" -H 'MCP-Protocol-Version: 2025-11-25' \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"hello.txt"}}}'
}
article() {  # article URL CURL-OPTION…: the article's endpoint
  local url=$1; shift
  curl -sS --fail-with-body --cacert "$work/pki/ca.pem" "$@" "$url/mcp/tools/read_file" -H 'Content-Type: application/json' -d '{"path":"hello.txt"}'
}
try() {  # try SCHEME URL CURL-OPTION…
  local scheme=$1 url=$2 way answer; shift 2
  for way in modern older article; do
    answer=$($way "$url" "$@")
    [[ $answer == *"hello from the test bed"* ]] || { echo "$scheme $way: $answer" >&2; exit 1; }
    echo "$scheme $way: ok"
  done
}
server() {  # server SCHEME EXTRA-MEMBERS: writes the configuration and starts it
  cat > "$work/$1.json" <<JSON
{"scheme":"$1","store":"$work/$1.sqlite","files":"$work/files","audit":"$work/$1.audit",
 "tls":{"certificate":"$work/pki/server.pem","key":"$work/pki/server.key"$3},
 "clients":[{"uri":"spiffe://authbed.test/client/alice","principal":"alice","scopes":["mcp:read"]}]$2}
JSON
  start "$1" mcp-server
}
mutual=",\"client_ca\":\"$work/pki/client-ca.pem\",\"intermediates\":\"$work/pki/intermediate.pem\""
certificate=(--cert "$work/pki/alice.pem" --key "$work/pki/alice.key")

server api-key "" ""
key=$("$bin/mcp-server" keys issue --config "$work/api-key.json" --principal alice --scope mcp:read | member key)
try api-key "$url" -H "Authorization: Bearer $key"

cat > "$work/issuer.json" <<JSON
{"store":"$work/issuer.sqlite","tls":{"certificate":"$work/pki/issuer.pem","key":"$work/pki/issuer.key"}}
JSON
start issuer token-issuer
issuer=$url
"$bin/token-issuer" clients add mcp-server --introspection --config "$work/issuer.json" | member client_secret > "$work/introspection.secret"
secret=$("$bin/token-issuer" clients add alice --scope mcp:read --config "$work/issuer.json" | member client_secret)
issuers=",\"issuers\":[{\"issuer\":\"$issuer\",\"ca\":\"$work/pki/ca.pem\",\"client_id\":\"mcp-server\",\"client_secret_file\":\"$work/introspection.secret\"}]"
token() {  # token URL: an access token for the server there
  curl -sS --fail-with-body --cacert "$work/pki/ca.pem" -u "alice:$secret" "$issuer/oauth/token" -d grant_type=client_credentials -d scope=mcp:read \
    --data-urlencode "resource=$1/mcp" | member access_token
}
for scheme in oauth-jwt oauth-introspection; do
  server $scheme "$issuers" ""
  try $scheme "$url" -H "Authorization: Bearer $(token "$url")"
  # With PYTHON set to an interpreter that has the official client, that too.
  if [ -n "${PYTHON:-}" ]; then
    token "$url" > "$work/token"
    "$PYTHON" subjects/authbed-server/official_client.py "$url/mcp" "$work/pki/ca.pem" "$work/token"
  fi
done

server mtls "" "$mutual"
try mtls "$url" "${certificate[@]}"
server mtls-crl "" "$mutual,\"crl\":\"$work/revoked.crl\""
try mtls-crl "$url" "${certificate[@]}"
server layered "$issuers" "$mutual,\"crl\":\"$work/revoked.crl\""
try layered "$url" "${certificate[@]}" -H "Authorization: Bearer $(token "$url")"
