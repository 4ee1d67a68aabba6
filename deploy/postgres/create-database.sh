#!/bin/sh
# Makes the role and the database of Turnpike; run as PostgreSQL's superuser. What exists is left as it is.
# Docker's image runs it once, on an empty data directory; on a machine of your own:
#   sudo cat /etc/turnpike/postgres-turnpike | sudo -u postgres sh deploy/postgres/create-database.sh -
# The role owns its database and is no superuser: a mistake in our SQL cannot reach another database or the file system.
set -eu
password_file=${1:-/run/secrets/postgres-turnpike}
if [ "$password_file" = - ]; then password=$(cat); else password=$(cat "$password_file"); fi
case "$password" in
  '' | *[!0-9a-zA-Z]*) echo "$password_file must hold letters and digits only" >&2 && exit 1 ;;
esac

# The password goes through standard input: arguments are seen by `ps`.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="${POSTGRES_DB:-postgres}" ${POSTGRES_USER:+--username="$POSTGRES_USER"} <<END
SELECT 'CREATE ROLE turnpike LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'turnpike') \gexec
ALTER ROLE turnpike PASSWORD '$password';
SELECT 'CREATE DATABASE turnpike OWNER turnpike ENCODING ''UTF8'' TEMPLATE template0'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'turnpike') \gexec
REVOKE CONNECT ON DATABASE turnpike FROM PUBLIC;
END
