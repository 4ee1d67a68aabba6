#!/bin/sh
# Makes the secrets and the settings file of an installation. Nothing that exists is ever overwritten.
#
#   deploy/make-secrets.sh compose [DIRECTORY]    for compose.yaml; default: deploy/secrets. Run it as root.
#   deploy/make-secrets.sh machine [DIRECTORY]    for systemd; default: /etc/turnpike. Run it as root.
#
# Keep a copy of turnpike.env where the backups are not: without ENCRYPTION_KEYS a restored database cannot be read.
set -eu
umask 077

usage() {
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
# Files of the compose installation belong to the accounts of the images: postgres 999, redis 999, grafana 472.
case "${1:-}" in
  compose)
    dir=${2:-$here/secrets}
    names='turnpike.env postgres-superuser postgres-turnpike redis-durable redis-cache grafana-admin'
    ;;
  machine)
    dir=${2:-/etc/turnpike}
    names='turnpike.env postgres-turnpike redis-durable.conf redis-cache.conf'
    ;;
  *) usage ;;
esac
kind=$1

hex() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Groups that are easy to type, without letters that look alike: 20 of 31 letters are 99 bits.
readable() { LC_ALL=C tr -dc 'abcdefghjkmnpqrstuvwxyz23456789' </dev/urandom | head -c 20 | sed 's/.\{5\}/&-/g; s/-$//'; }

for name in $names; do
  [ ! -e "$dir/$name" ] || {
    echo "$dir/$name exists: nothing was changed. To make new secrets, move the old ones away first;" >&2
    echo "what is in the database can be read only with the ENCRYPTION_KEYS it was written with." >&2
    exit 1
  }
done
mkdir -p "$dir"
chmod 0700 "$dir"

postgres=$(hex 24)
durable=$(hex 24)
cache=$(hex 24)

# write NAME OWNER: standard input becomes the file, readable for its owner only.
write() {
  (set -C && cat >"$dir/$1")
  chmod 0600 "$dir/$1"
  if [ "$(id -u)" = 0 ]; then
    chown "$2" "$dir/$1" 2>/dev/null || echo "note: $2 is no account here; give $dir/$1 to it when it is" >&2
  elif [ "$2" != root ]; then
    echo "note: $dir/$1 must belong to account $2, which only root can do" >&2
  fi
}

if [ "$kind" = compose ]; then
  database_at=172.30.77.10:5432 durable_at=172.30.77.11:6379 cache_at=172.30.77.12:6379
else
  database_at=127.0.0.1:5432 durable_at=127.0.0.1:6380 cache_at=127.0.0.1:6381
fi

write turnpike.env root <<END
# Settings of every process of Turnpike. Secrets: keep this file 0600. Each line is NAME=value, without quotes.
# ---- to fill in --------------------------------------------------------------------------------------------------------
# Where people, routers and M-Pesa reach this machine: the name in the certificate.
PUBLIC_URL=https://wifi.example.net
# Address that routers send RADIUS to: this machine's, as they see it (in the management tunnel, if there is one).
RADIUS_ADVERTISED_ADDRESS=10.255.0.1
# What follows holds until it is saved in the console (Settings), which is the better place for it.
PORTAL_NAME=Turnpike WiFi
PORTAL_CONTACT=
# M-Pesa (all five, or none): https://api.safaricom.co.ke
DARAJA_URL=
DARAJA_CONSUMER_KEY=
DARAJA_CONSUMER_SECRET=
DARAJA_SHORTCODE=
DARAJA_PASSKEY=
# Text messages by Africa's Talking, and e-mail; without them messages go to the log, without what is secret in them.
SMS_USERNAME=
SMS_API_KEY=
SMS_SENDER=
SMTP_URL=
MAIL_FROM=
# ---- how it is wired ---------------------------------------------------------------------------------------------------
NODE_ENV=production
HOST=127.0.0.1
RADIUS_HOST=0.0.0.0
# nginx, on this machine, is the only one whose X-Forwarded-For is believed.
TRUST_PROXY=127.0.0.1
LOG_LEVEL=info
$([ "$kind" = compose ] || printf 'API_INSTANCES=2\nSIMULATOR_ROUTERS=0\nTURNPIKE_DATA=/var/lib/turnpike\n')
# ---- made by make-secrets.sh -------------------------------------------------------------------------------------------
DATABASE_URL=postgresql://turnpike:$postgres@$database_at/turnpike
REDIS_DURABLE_URL=redis://:$durable@$durable_at
REDIS_CACHE_URL=redis://:$cache@$cache_at
# Seals router passwords, RADIUS secrets and vouchers; the first key writes, all of them read. README.md: changing keys.
ENCRYPTION_KEYS=$(hex 32)
TOKEN_PEPPER=$(hex 32)
METRICS_TOKEN=$(hex 24)
DARAJA_C2B_TOKEN=$(hex 24)
SMS_CALLBACK_TOKEN=$(hex 24)
$([ "$kind" = machine ] || printf '# Who may sign in first. Change the password after it, and take both lines out.\nFIRST_OPERATOR_EMAIL=owner@turnpike.local\nFIRST_OPERATOR_PASSWORD=%s\n' "$(readable)")
END
if [ "$kind" = compose ]; then
  hex 24 | write postgres-superuser 999
  printf '%s' "$postgres" | write postgres-turnpike 999
  printf 'requirepass %s\n' "$durable" | write redis-durable 999
  printf 'requirepass %s\n' "$cache" | write redis-cache 999
  readable | write grafana-admin 472
  echo "written: $dir"
  echo "next: fill in the first lines of $dir/turnpike.env; the first login and its password are its last lines"
else
  printf '%s' "$postgres" | write postgres-turnpike postgres
  # redis_conf ROLE PORT PASSWORD
  redis_conf() {
    printf 'include %s\nbind 127.0.0.1\nport %s\ndir /var/lib/redis/%s\nrequirepass %s\n' "$here/redis/$1.conf" "$2" "$1" "$3"
  }
  redis_conf durable 6380 "$durable" | write redis-durable.conf redis
  redis_conf cache 6381 "$cache" | write redis-cache.conf redis
  echo "written: $dir"
  echo "next: fill in the first lines of $dir/turnpike.env, then README.md"
fi
