import { createHash } from 'node:crypto';
import path from 'node:path';

/** Where everything lies below the data directory. */
export interface Layout {
  readonly data: string;
  readonly logs: string;
  readonly postgres: string;
  readonly redisDurable: string;
  readonly redisCache: string;
  readonly tools: string;
  readonly secrets: string;
  readonly ports: string;
  readonly processesEnv: string;
  readonly instance: string;
  readonly running: string;
  readonly lock: string;
  readonly simulatorReady: string;
  /** Last result of every test; written by `npm test`. */
  readonly lastTestRun: string;
  readonly pm2Home: string;
}

/** A Unix socket's path has at most 107 bytes; PM2's longest socket name is `interactor.sock`. unix(7). */
const LONGEST_PM2_HOME = 107 - '/interactor.sock'.length;

/** PM2's directory: in the data directory, or a short one named after it where sockets would not fit. */
function pm2Home(data: string): string {
  const inside = path.join(data, 'pm2');
  if (Buffer.byteLength(inside) <= LONGEST_PM2_HOME) return inside;
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  return `/tmp/turnpike-pm2-${name}`;
}

export function layoutOf(data: string): Layout {
  const at = (name: string) => path.join(data, name);
  return {
    data,
    logs: at('logs'),
    postgres: at('postgres'),
    redisDurable: at('redis/durable'),
    redisCache: at('redis/cache'),
    tools: at('tools'),
    secrets: at('secrets.json'),
    ports: at('ports.json'),
    processesEnv: at('processes.env.json'),
    instance: at('instance.json'),
    running: at('running.json'),
    lock: at('command.lock'),
    simulatorReady: at('simulator.json'),
    lastTestRun: at('last-test-run.json'),
    pm2Home: pm2Home(data),
  };
}
