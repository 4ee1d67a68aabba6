import type { CliConfig } from './config.js';
import type { PortWish } from './settled-ports.js';

const LOOPBACK = '127.0.0.1';

export interface RunningNow {
  readonly postgres: boolean;
  readonly redisDurable: boolean;
  readonly redisCache: boolean;
  /** Any process under PM2. */
  readonly processes: boolean;
}

/** The ports a start needs, with their defaults. Embedded stores that are replaced by the user's own keep theirs unused. */
export function portWishes(config: CliConfig, running: RunningNow): PortWish[] {
  const named = (port: number | undefined, fallback: number, variable: string) =>
    port === undefined ? { port: fallback } : { port, variable };
  const store = { protocol: 'tcp', host: LOOPBACK } as const;
  const processes = { isOurs: running.processes };
  const radius = { protocol: 'udp', host: config.radiusHost, ...processes } as const;
  return [
    { name: 'postgres', title: 'PostgreSQL', ...store, port: 5433, isOurs: running.postgres },
    { name: 'redisDurable', title: 'Redis, durable', ...store, port: 6380, isOurs: running.redisDurable },
    { name: 'redisCache', title: 'Redis, cache', ...store, port: 6381, isOurs: running.redisCache },
    {
      name: 'api',
      title: 'API',
      protocol: 'tcp',
      host: config.host,
      ...named(config.port, 8080, 'PORT'),
      ...processes,
    },
    {
      name: 'radiusAuth',
      title: 'RADIUS authentication',
      ...radius,
      ...named(config.radiusAuthPort, 1812, 'RADIUS_AUTH_PORT'),
    },
    {
      name: 'radiusAcct',
      title: 'RADIUS accounting',
      ...radius,
      ...named(config.radiusAcctPort, 1813, 'RADIUS_ACCT_PORT'),
    },
    { name: 'simulatorApi', title: 'simulated router', ...store, port: 18_728, ...processes },
    { name: 'simulatorControl', title: 'simulator control', ...store, port: 18_700, ...processes },
    { name: 'simulatorDaraja', title: 'M-Pesa stand-in', ...store, port: 18_710, ...processes },
    { name: 'simulatorSms', title: 'SMS stand-in', ...store, port: 18_711, ...processes },
  ];
}
