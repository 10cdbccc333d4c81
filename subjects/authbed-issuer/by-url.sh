#!/usr/bin/env bash
# An issuer that runs already, judged by its URL alone, and by its URL and a client; then one that answers 200 {} to everything.
# Usage: subjects/authbed-issuer/by-url.sh [BIN]   BIN holds the programs, .build/release if not given.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
bin=$(cd "${1:-.build/release}" && pwd)
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
umask 077
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

# judge LEAST EXPECTED-FAILURES ARGUMENT…: at least so many checks are judged, and none passes or fails that should not.
judge() {
  local least=$1 failures=$2; shift 2
  "$bin/authbed" run --project "$root" --results runs --role issuer --ca pki/ca.pem --quiet "$@" > report.txt || [ $? = 1 ]
  python3 - "$least" "$failures" <<'PYTHON'
import json, sys
least, failures = int(sys.argv[1]), sys.argv[2]
cells = json.load(open("runs/latest/results.json"))["cells"]
checks = [(cell["id"], check) for cell in cells for check in cell["checks"]]
judged = [check for _, check in checks if check["verdict"] in ("pass", "recorded", "fail", "warn")]
assert not any(cell.get("fault") for cell in cells), "the bed itself failed"
assert all(check["why"] for _, check in checks if check["verdict"] == "not-applicable"), "something does not say why it is not judged"
if failures == "none":
    assert len(judged) >= least, f"{len(judged)} judged, wanted {least}"
    assert all(check["verdict"] in ("pass", "recorded", "not-applicable") for _, check in checks)
else:
    passed = [check["check"] for cell, check in checks if check["verdict"] == "pass" and not cell.startswith("issuer/published")]
    assert not passed, f"a trivial issuer passes {passed}"
print(f"{len(judged)} judged of {len(checks)}")
PYTHON
}

config() { echo "{\"store\":\"$work/$1.sqlite\",\"dynamic_registration\":true,\"tls\":{\"certificate\":\"$work/pki/issuer.pem\",\"key\":\"$work/pki/issuer.key\"}}" > "$1.json"; }
config issuer
start issuer "$bin/token-issuer" serve --config issuer.json
"$bin/token-issuer" clients add alice --scope mcp:read --resource https://mcp.example/mcp --config issuer.json |
  python3 -c 'import json,sys; a=json.load(sys.stdin); print(a["client_id"] + ":" + a["client_secret"])' > client.txt
judge 9 none --url "$url"
judge 30 none --url "$url" --credential-file client.txt
config trivial
start trivial "$bin/defective" issuer --defect sentinel/issuer-says-ok --config trivial.json
judge 0 all --url "$url" --credential-file client.txt
