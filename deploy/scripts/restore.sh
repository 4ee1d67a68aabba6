#!/bin/sh
# Restores the PostgreSQL part of a backup into an empty database.
#
#   deploy/scripts/restore.sh BACKUP
#
# The database is that of DATABASE_URL or of the settings file, or RESTORE_DATABASE_URL, when that is set. It refuses a
# database with tables in it: nothing is ever overwritten. The Redis part: restore-redis.sh.
set -eu
. "$(dirname "$0")/settings.sh"

[ $# = 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
backup=$1
need_program pg_restore postgresql-client-15
[ -f "$backup/SHA256SUMS" ] || die "$backup is no backup: it has no SHA256SUMS"
(cd "$backup" && sha256sum --quiet --check SHA256SUMS) || die "$backup is damaged: take another one"
use_database "${RESTORE_DATABASE_URL:-$(need DATABASE_URL)}"

tables=$(ask "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
[ "$tables" = 0 ] || die "database $PGDATABASE at $PGHOST:$PGPORT has $tables tables: restore into an empty one"

say "restoring $backup into $PGDATABASE at $PGHOST:$PGPORT"
# All or nothing is not possible with several jobs; a failed restore ends with an error and an unfinished database to drop.
pg_restore --dbname="$PGDATABASE" --exit-on-error --no-owner --no-privileges --jobs=2 "$backup/turnpike.dump"
# It says of every table of the system itself that this role may not.
PGOPTIONS='-c client_min_messages=error'
export PGOPTIONS
ask 'ANALYZE' >/dev/null

while read -r table least; do
  found=$(ask "SELECT count(*) FROM \"$table\"")
  [ "$found" -ge "$least" ] || die "$table has $found rows after the restore, the backup was made of at least $least"
done <"$backup/at-least"
say "restored: every table has what it had"
