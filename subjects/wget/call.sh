#!/bin/sh
# call.sh URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]
# Wget reads header fields from its own file only, so that none with a secret stands among its arguments.
set -eu
url=$1 ca=$2 headers=$3 body=$4 seconds=$5
rc=$(umask 077 && mktemp)
trap 'rm -f "$rc"' EXIT
sed 's/^/header = /' "$headers" > "$rc"
shift 5
if [ $# -eq 2 ]; then set -- --certificate="$1" --private-key="$2"; fi
wget --config="$rc" --quiet --tries=1 --timeout="$seconds" --ca-certificate="$ca" --post-file="$body" --output-document=- "$@" "$url"
