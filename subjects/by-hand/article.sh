#!/bin/sh
# What was found of the article's server with API keys, by hand: openssl for its certificate, curl for the calls.
set -eu
cd "$(dirname "$0")/../article-node"
export NODE_PATH=/usr/share/nodejs
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=by-hand \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null
cat > "$work/told.json" <<END
{"scheme": "api-key", "listen": {"port": 0}, "store": "$work/store", "clients": [], "tls": {"certificate": "$work/cert.pem", "key": "$work/key.pem"}}
END
member() { node -pe "JSON.parse(fs.readFileSync(0, 'utf8'))$1"; }
key=$(node server.js issue "$work/told.json" alice 1 mcp:read | member .key)
mkfifo "$work/ready" "$work/input"
node server.js serve "$work/told.json" < "$work/input" > "$work/ready" 2> "$work/log" &
server=$!
exec 3> "$work/input"
url=$(head -n 1 "$work/ready" | member .ready.mcp)/tools/read
call() { what=$1; shift; echo "$what: HTTP $(curl -s -o /dev/null -w '%{http_code}' --cacert "$work/cert.pem" -X POST -H 'Content-Type: application/json' -d '{}' "$@" "$url")"; }
call 'a right key' -H "Authorization: Bearer $key"
call 'a key of 65 characters' -H "Authorization: Bearer $(printf '%065d' 0)"
call 'a key with a character beyond ASCII' -H 'Authorization: Bearer clé'
call 'the scheme in lower case (RFC 9110 section 11.1)' -H "Authorization: bearer $key"
call 'two Authorization fields' -H "Authorization: Bearer $key" -H 'Authorization: Bearer wrong'
echo "the challenge of a 401: $(curl -s -D - -o /dev/null --cacert "$work/cert.pem" -X POST "$url" | grep -ci '^www-authenticate' || true) WWW-Authenticate fields"
sleep 2
call 'the right key, a second after it was to end' -H "Authorization: Bearer $key"
