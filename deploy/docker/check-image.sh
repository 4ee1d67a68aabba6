#!/bin/sh
# Whether every role finds all of its modules: without settings each must load, then end with the list of what is not set.
set -eu
for app in api worker radius; do
  said=$(env -u DATABASE_URL NODE_ENV=production node "apps/$app/dist/main.js" 2>&1) && status=0 || status=$?
  case "$said" in
    *'ENCRYPTION_KEYS is not set'*) echo "ok      $app loads (and says what it needs)" ;;
    *)
      echo "FAILED  $app (status $status):"
      echo "$said"
      exit 1
      ;;
  esac
done
said=$(env -u DATABASE_URL node deploy/docker/first-start.mjs 2>&1) && status=0 || status=$?
case "$said" in
  *'DATABASE_URL is not set'*) echo "ok      first-start loads" ;;
  *)
    echo "FAILED  first-start (status $status):"
    echo "$said"
    exit 1
    ;;
esac
[ -f apps/console/dist-web/index.html ] || { echo 'FAILED  the console is not built'; exit 1; }
echo 'ok      the console is there'
