# Read by the other scripts here: where the stores are and where backups go. From the environment, or else from the settings
# file of the installation (SETTINGS=FILE; default: /etc/turnpike/turnpike.env, or deploy/secrets/turnpike.env for compose).

say() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }
die() {
  echo "$*" >&2
  exit 1
}

# setting NAME: the value in the environment or in the settings file, else nothing.
setting() {
  eval "value=\${$1-}"
  if [ -z "$value" ]; then
    for file in ${SETTINGS-/etc/turnpike/turnpike.env "$(dirname "$0")/../secrets/turnpike.env"}; do
      [ -r "$file" ] || continue
      value=$(sed -n "s/^$1=//p" "$file" | tail -n 1)
      break
    done
  fi
  printf '%s' "$value"
}

# need NAME: the same, or the end.
need() {
  setting "$1" | grep . || die "$1 is not set: set it, or name the settings file: SETTINGS=/etc/turnpike/turnpike.env $0"
}

need_program() {
  command -v "$1" >/dev/null || die "$1 is missing: apt-get install $2"
}

# Addresses with passwords must not be arguments (`ps` shows those): psql and pg_dump read them from the environment.
# use_database URL: from here on psql, pg_dump and pg_restore mean that one. postgresql://USER:PASSWORD@HOST:PORT/DATABASE
use_database() {
  rest=${1#*://}
  credentials=${rest%%@*}
  place=${rest#*@}
  PGUSER=${credentials%%:*}
  PGPASSWORD=${credentials#*:}
  host=${place%%/*}
  PGHOST=${host%:*}
  PGPORT=${host##*:}
  PGDATABASE=${place#*/}
  PGDATABASE=${PGDATABASE%%\?*}
  PGCONNECT_TIMEOUT=10
  PGAPPNAME=turnpike-backup
  export PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE PGCONNECT_TIMEOUT PGAPPNAME
}

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1"; }
