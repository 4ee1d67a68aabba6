#!/bin/sh
# Proves that the newest backup can be restored: into a database of its own, which is checked and dropped again.
#
#   deploy/scripts/restore-drill.sh [BACKUP]
#
# DRILL_DATABASE_URL names that database (default: `turnpike_drill` beside the real one). Its role must own it; it is made as
#   sudo -u postgres createdb --owner=turnpike --template=template0 turnpike_drill
# Everything in it is dropped, so it must have `drill` in its name.
set -eu
. "$(dirname "$0")/settings.sh"

need_program psql postgresql-client-15
backups=${BACKUPS:-/var/backups/turnpike}
backup=${1:-$(ls -d "$backups"/[0-9]*T[0-9]*Z 2>/dev/null | sort | tail -n 1)}
[ -n "$backup" ] || die "there is no backup in $backups"
real=$(need DATABASE_URL)
drill=$(setting DRILL_DATABASE_URL)
[ -n "$drill" ] || drill=${real%/*}/turnpike_drill
case "${drill##*/}" in
  *drill*) ;;
  *) die "the database of the drill must have \`drill\` in its name: everything in it is dropped" ;;
esac

empty() {
  ask "DO \$\$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    CREATE SCHEMA public;
  END \$\$"
}

use_database "$drill"
PGOPTIONS='-c client_min_messages=warning'
export PGOPTIONS
empty || die "database $PGDATABASE at $PGHOST:$PGPORT cannot be used; make it: see the first lines of $0"
trap empty EXIT
started=$(date +%s)
RESTORE_DATABASE_URL=$drill "$(dirname "$0")/restore.sh" "$backup"

# What must be true of every state of our books, whenever the backup was made.
unbalanced=$(ask 'SELECT count(*) FROM (SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(amount_minor) <> 0) AS e')
[ "$unbalanced" = 0 ] || die "$unbalanced entries of the restored ledger do not balance"
unpaid=$(ask "SELECT count(*) FROM payment p WHERE p.state = 'succeeded' AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.payment_id = p.id)")
[ "$unpaid" = 0 ] || die "$unpaid succeeded payments of the restored database are not in its ledger"
unfinished=$(ask 'SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')
[ "$unfinished" = 0 ] || die "the restored database has a migration that did not end"

say "newest entry: $(ask 'SELECT coalesce(max(created_at)::text, $$none$$) FROM ledger_entry'), $(ask 'SELECT count(*) FROM payment') payments, $(ask 'SELECT count(*) FROM customer') customers"
say "the drill passed in $(($(date +%s) - started)) s: $backup can be restored"
