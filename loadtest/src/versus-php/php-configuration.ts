import path from 'node:path';

/** No framework: what a request costs PHP-FPM at the least. */
export function script(directory: string): string {
  return `<?php
$redis = new Redis();
$redis->pconnect('${path.join(directory, 'redis.sock')}');
$body = $redis->get('packages');
header('Content-Type: application/json; charset=utf-8');
header('Content-Length: ' . strlen($body));
echo $body;
`;
}

/** https://redis.io/docs/latest/operate/oss_and_stack/management/config/ */
export function redisConfiguration(directory: string): string {
  return lines(
    'port 0',
    `unixsocket ${path.join(directory, 'redis.sock')}`,
    'unixsocketperm 700',
    `dir ${directory}`,
    'daemonize no',
    'save ""',
    'appendonly no',
  );
}

/** https://www.php.net/manual/en/install.fpm.configuration.php. Run by root only where everything else is too. */
export function fpmConfiguration(
  directory: string,
  { workers, isRoot }: { readonly workers: number; readonly isRoot: boolean },
): string {
  return lines(
    '[global]',
    `error_log = ${path.join(directory, 'fpm.log')}`,
    'daemonize = no',
    '[www]',
    ...(isRoot ? ['user = root', 'group = root'] : []),
    `listen = ${path.join(directory, 'fpm.sock')}`,
    'listen.backlog = 4096',
    'pm = static',
    `pm.max_children = ${workers}`,
  );
}

/**
 * https://nginx.org/en/docs/. A connection to PHP-FPM for each request, as shipped: kept ones hold workers that other requests
 * wait for. Buffers that hold the whole answer, or it would go through a file.
 */
export function nginxConfiguration(
  directory: string,
  { port, isRoot }: { readonly port: number; readonly isRoot: boolean },
): string {
  const at = (name: string): string => path.join(directory, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return lines(
    ...(isRoot ? ['user root;'] : []),
    'daemon off;',
    'worker_processes auto;',
    `pid ${at('nginx.pid')};`,
    `error_log ${at('nginx.log')};`,
    'events { worker_connections 1024; }',
    'http {',
    'access_log off;',
    'keepalive_timeout 65;',
    'keepalive_requests 1000000000;',
    ...temporary.map((name) => `${name}_temp_path ${at(`nginx-${name}`)};`),
    'server {',
    `listen 127.0.0.1:${port};`,
    'location / {',
    `fastcgi_pass unix:${at('fpm.sock')};`,
    'fastcgi_buffers 64 16k;',
    `fastcgi_param SCRIPT_FILENAME ${at('index.php')};`,
    'fastcgi_param REQUEST_METHOD $request_method;',
    'fastcgi_param QUERY_STRING $query_string;',
    'fastcgi_param HTTP_AUTHORIZATION $http_authorization;',
    '} } }',
  );
}

function lines(...texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
