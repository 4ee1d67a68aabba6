#!/bin/sh
# PostgreSQL's archive_command: copies one finished WAL file to WAL_ARCHIVE, on the disk before it says so.
#   archive_command = '/opt/turnpike/deploy/scripts/archive-wal.sh %p %f'
# WAL_ARCHIVE is a mounted disk or share of another machine; an archive on the same disk is lost with it.
set -eu
umask 077
from=$1
to=${WAL_ARCHIVE:-/var/backups/turnpike-wal}/$2
if [ -e "$to" ]; then
  # Told once more after a crash: fine when it is the same file, an error when it is another one.
  cmp -s "$from" "$to" && exit 0
  echo "$to exists and is another file: nothing was overwritten" >&2
  exit 1
fi
cp "$from" "$to.part"
sync "$to.part"
mv "$to.part" "$to"
sync "$(dirname "$to")"
