#!/bin/sh
# /usr/local/bin/turnpike: the command, as the account and with the settings of the service. Run it as root or with sudo.
#   sudo turnpike status | doctor | router list | queue list ...
set -eu
settings=${TURNPIKE_SETTINGS:-/etc/turnpike/turnpike.env}
program=${TURNPIKE_HOME:-/opt/turnpike}/apps/cli/dist/main.js
[ -r "$settings" ] || { echo "$settings cannot be read: run this as root" >&2; exit 1; }
# The file is systemd's (NAME=value up to the end of the line), not a shell script: read, never run.
while IFS= read -r line || [ -n "$line" ]; do
  case "$line" in
    [A-Z]*=*) export "${line%%=*}=${line#*=}" ;;
  esac
done <"$settings"
HOME=${TURNPIKE_DATA:-/var/lib/turnpike}
export HOME
[ "$(id -u)" = 0 ] || exec node "$program" "$@"
exec setpriv --reuid=turnpike --regid=turnpike --init-groups node "$program" "$@"
