#!/bin/sh
# call.sh [--insecure] URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]
# HTTPie reads the value of a header field from a file where the argument says NAME:@FILE, so that no secret stands among its arguments.
set -eu
verify=
if [ "$1" = --insecure ]; then verify=no; shift; fi
url=$1 ca=$2 headers=$3 body=$4 seconds=$5
shift 5
if [ $# -eq 2 ]; then set -- "--cert=$1" "--cert-key=$2"; fi
work=$(umask 077 && mktemp -d)
trap 'rm -rf "$work"' EXIT
export HTTPIE_CONFIG_DIR="$work"
set -- --check-status --ignore-netrc --body --verify="${verify:-$ca}" --timeout="$seconds" "$@" POST "$url"
while IFS= read -r line; do
  name=${line%%: *}
  (umask 077 && printf '%s' "${line#*: }" > "$work/$name")
  set -- "$@" "$name:@$work/$name"
done < "$headers"
http "$@" < "$body"
