#!/bin/sh
# Backs up what cannot be made again: the durable Redis and the PostgreSQL database. Safe while everything runs.
#
#   deploy/scripts/backup.sh        BACKUPS=/var/backups/turnpike BACKUPS_KEPT_DAYS=14 SETTINGS=/etc/turnpike/turnpike.env
#
# Redis first, PostgreSQL after it: accounting goes from the one to the other. What is in both is taken once (each entry has a
# key of its own); the other way round, what moved between the two copies would be in neither.
# The keys that open the database's secrets are NOT in it: keep turnpike.env elsewhere, or whoever finds a backup has both.
set -eu
umask 077
. "$(dirname "$0")/settings.sh"

need_program pg_dump postgresql-client-15
need_program redis-cli redis-tools
backups=${BACKUPS:-/var/backups/turnpike}
kept_days=${BACKUPS_KEPT_DAYS:-14}
durable=$(need REDIS_DURABLE_URL)
use_database "$(need DATABASE_URL)"

name=$(date -u +%Y%m%dT%H%M%SZ)
unfinished=$backups/.unfinished-$name
mkdir -p "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
trap 'exit 1' INT TERM HUP

# redis://:PASSWORD@HOST:PORT; the password goes through the environment.
rest=${durable#*://}
place=${rest#*@}
place=${place%%/*}
password=${rest%@*}
say "durable Redis at $place"
# It tells its steps on standard error, also when all is well.
said=$(REDISCLI_AUTH=${password#*:} redis-cli -h "${place%:*}" -p "${place##*:}" --no-auth-warning --rdb "$unfinished/redis-durable.rdb" 2>&1) ||
  die "$said"
[ "$(head -c 5 "$unfinished/redis-durable.rdb")" = REDIS ] || die "the copy of Redis at $place is not one: $said"

say "PostgreSQL, database $PGDATABASE at $PGHOST:$PGPORT"
# Tables that only grow: a restored backup must have at least as many.
for table in payment ledger_entry ledger_posting audit_entry entitlement; do
  printf '%s %s\n' "$table" "$(ask "SELECT count(*) FROM \"$table\"")"
done >"$unfinished/at-least"
# Compressed, and restored table by table in parallel; the role that restores owns what it makes.
pg_dump --format=custom --compress=6 --no-owner --no-privileges --lock-wait-timeout=60s --file="$unfinished/turnpike.dump"
pg_restore --list "$unfinished/turnpike.dump" >/dev/null

(cd "$unfinished" && sha256sum turnpike.dump redis-durable.rdb at-least >SHA256SUMS)
mv "$unfinished" "$backups/$name"
trap - EXIT
say "written: $backups/$name ($(du -sh "$backups/$name" | cut -f1))"

# Only directories that this script named; the newest one always stays.
cd "$backups"
ls -d [0-9]*T[0-9]*Z | sort | sed '$d' | while IFS= read -r old; do
  find "$old" -maxdepth 0 -type d -mtime "+$kept_days" -exec rm -rf {} +
done
