#!/usr/bin/env bash
# mcp-client against an issuer on Authlib and a server on the official Python SDK: discovery, login and consent, refresh, step-up,
# tokens shared by processes, and logging out.
# Usage: PYTHON=… subjects/authbed-client/by-hand.sh [BIN]   PYTHON has authlib, flask, joserfc and mcp; BIN holds the programs,
# .build/release if not given.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$(cd "${1:-.build/release}" && pwd)
here=$PWD/subjects/authbed-client
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
umask 077
cd "$work"
echo '{"user":"ann","password":"open sesame"}' > login.json

# start NAME PROGRAM ARGUMENT…: sets url to what the ready line names.
start() {
  local name=$1; shift
  mkfifo "$name.ready"
  "${PYTHON:-python3}" "$@" > "$name.ready" 2> "$name.log" &
  pids+=($!)
  url=$(python3 -c 'import json,sys; print(json.loads(sys.stdin.readline())["ready"]["url"])' < "$name.ready")
}
start issuer "$here/authlib_issuer.py" desk http://127.0.0.1/callback; issuer=$url
start server "$here/official_server.py" "$issuer"; server=$url

client() {  # client COMMAND…: for a person who logs in without a screen
  "$bin/mcp-client" "$@" --server "$server" --grant authorization_code --client-id desk --cache tokens.json \
    --browser "$bin/authbed" --browser browse --browser --login --browser login.json
}
greet() {  # greet NAME OPTION…: one call, which must be answered
  local name=$1 answer; shift
  answer=$(client call greet --arg name="$name" "$@")
  [ "$answer" = "hello $name" ] || { echo "greet: $answer" >&2; exit 1; }
}
counts() { curl -sS --fail-with-body "$issuer/counts"; }
expect() {  # expect WHAT CODES REFRESHES: how often the issuer has given tokens for a code, and for a refresh token
  counts | python3 -c '
import json, sys
what, code, refresh = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
found = json.load(sys.stdin)
sys.exit(0 if found == {"code": code, "refresh": refresh} else f"{what}: {found}")' "$@"
  echo "$1: ok"
}
# The token of the cache looks as old as two minutes of use would have made it.
age() { python3 -c 'import json; d = json.load(open("tokens.json")); d["tokens"][0]["since"] -= 120; json.dump(d, open("tokens.json", "w"))'; }

greet ann --era 2026-07-28
expect "discovery, login, consent, code" 1 0
greet ann --era 2025-11-25
expect "the other revision, with the token that is there" 1 0
[ "$(stat -c %a tokens.json)" = 600 ]
age
greet ann
expect "refresh" 1 1
age
several=()
for _ in 1 2 3 4 5 6 7 8; do greet ann & several+=($!); done
for pid in "${several[@]}"; do wait "$pid"; done
expect "eight processes at once, one refresh" 1 2

kill "${pids[1]}"; wait "${pids[1]}" 2>/dev/null || true
start wider "$here/official_server.py" "$issuer" "$(sed 's|.*:\([0-9]*\)/.*|\1|' <<< "$server")" mcp:read mcp:write
greet ann
expect "step-up to what the server wants now" 2 2
"$bin/mcp-client" tokens list --cache tokens.json --json | python3 -c '
import json, sys
scope = json.load(sys.stdin)["tokens"][0]["scope"]
sys.exit(0 if scope == "mcp:read mcp:write" else f"scope: {scope}")'

"$bin/mcp-client" tokens forget --cache tokens.json > forgotten.json
[ "$("$bin/mcp-client" tokens list --cache tokens.json)" = "" ]
echo '{"user":"ann","password":"wrong"}' > login.json
if client call greet --arg name=ann 2> refused; then echo "a wrong password was taken" >&2; exit 1; fi
expect "logged out, and no way in with a wrong password" 2 2
