// The processes PM2 runs; written for `npm start`, which makes the environment they get (secrets and ports included).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const data = path.resolve(root, process.env.TURNPIKE_DATA ?? '.data');
const { apiInstances, radiusAuthInstances, radiusAcctInstances, workerInstances, simulator, service, simulatorEnv } =
  JSON.parse(readFileSync(path.join(data, 'processes.env.json'), 'utf8'));

// glibc gives every thread a heap of its own and rarely returns it; ours are hardly used at the same time. mallopt(3).
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

// Semi-spaces of 16 MiB: a request lives across several turns of the event loop; in a small nursery its objects grow old and
// cost a full collection: with 4 MiB a read takes the API a third more.
const NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=16'];
// Told nothing, V8 takes the machine's memory for its own and lets garbage pile up to several times what is alive.
const MODEST_NODE_ARGS = [...NODE_ARGS, '--max-old-space-size=512'];

function app(name, options) {
  const log = path.join(data, 'logs', `${name}.log`);
  return {
    name,
    script: path.join(root, 'apps', name, 'dist', 'main.js'),
    cwd: root,
    exec_mode: 'fork',
    instances: 1,
    // A process says itself when it is ready; without that, PM2 would call it online while it still connects.
    wait_ready: true,
    listen_timeout: 20_000,
    kill_timeout: 8_000,
    // Routers give up within seconds, M-Pesa says only once what was paid, and who paid waits: whatever was killed is back at once,
    // however often. Crashes right after the start end in `errored` instead of a loop.
    min_uptime: 5_000,
    max_restarts: 10,
    max_memory_restart: '768M',
    out_file: log,
    error_file: log,
    merge_logs: true,
    node_args: NODE_ARGS,
    // PM2's own metrics agent is not loaded into our processes.
    pmx: false,
    env: { ...service, ...FEW_ARENAS },
    ...options,
  };
}

// One port a process: a flood of accounting does not slow logins down. In cluster mode several share a port, and a reload
// lets the new one listen before the old one goes.
function radius(role, instances) {
  return app(`radius-${role}`, {
    script: path.join(root, 'apps/radius/dist/main.js'),
    exec_mode: 'cluster',
    instances,
    env: { ...service, ...FEW_ARENAS, RADIUS_ROLES: role, RADIUS_INSTANCES: String(instances) },
  });
}

export const apps = [
  ...(simulator ? [app('simulator', { exp_backoff_restart_delay: 200, env: { ...simulatorEnv, ...FEW_ARENAS } })] : []),
  radius('auth', radiusAuthInstances),
  radius('acct', radiusAcctInstances),
  // Jobs are shared out by their queues; nothing belongs to one worker.
  app('worker', { instances: workerInstances, node_args: MODEST_NODE_ARGS }),
  app('api', { exec_mode: 'cluster', instances: apiInstances, node_args: MODEST_NODE_ARGS }),
];
