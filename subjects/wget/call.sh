#!/bin/sh
# call.sh [--insecure] URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]
# Wget reads header fields from its own file only, so that none with a secret stands among its arguments.
set -eu
check=--check-certificate
if [ "$1" = --insecure ]; then check=--no-check-certificate; shift; fi
url=$1 ca=$2 headers=$3 body=$4 seconds=$5
rc=$(umask 077 && mktemp)
trap 'rm -f "$rc"' EXIT
sed 's/^/header = /' "$headers" > "$rc"
shift 5
if [ $# -eq 2 ]; then set -- --certificate="$1" --private-key="$2"; fi
wget --config="$rc" "$check" --quiet --tries=1 --timeout="$seconds" --ca-certificate="$ca" --post-file="$body" --output-document=- "$@" "$url"
