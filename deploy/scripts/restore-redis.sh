#!/bin/sh
# Puts the durable Redis of a backup where a Redis 7 that is NOT running starts from it.
#
#   deploy/scripts/restore-redis.sh BACKUP DIRECTORY        DIRECTORY: Redis' `dir`, for example /var/lib/redis/durable
#
# With `appendonly yes` Redis reads its append-only file and nothing else, so the copy becomes the base of one.
set -eu
umask 077
. "$(dirname "$0")/settings.sh"

[ $# = 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
backup=$1
aof=$2/appendonlydir
[ -f "$backup/redis-durable.rdb" ] || die "$backup has no redis-durable.rdb"
(cd "$backup" && sha256sum --quiet --check SHA256SUMS) || die "$backup is damaged: take another one"
[ ! -e "$aof" ] || die "$aof exists: stop Redis, move it away, then run this again"

mkdir -p "$aof"
cp "$backup/redis-durable.rdb" "$aof/appendonly.aof.1.base.rdb"
: >"$aof/appendonly.aof.1.incr.aof"
printf 'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n' >"$aof/appendonly.aof.manifest"
[ "$(id -u)" != 0 ] || chown -R --reference="$2" "$aof"
say "$aof is made: start Redis now"
