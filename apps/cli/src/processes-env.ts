import { z } from 'zod';
import type { CliConfig } from './config.js';
import type { Layout } from './layout.js';
import type { Secrets } from './secrets.js';
import type { Ports } from './settled-ports.js';
import { standInServiceEnv, standInSimulatorEnv } from './stand-ins.js';

export interface StoreUrls {
  readonly databaseUrl: string;
  readonly redisDurableUrl: string;
  readonly redisCacheUrl: string;
}

/** What ecosystem.config.js reads: the environment of each kind of process and how many there are. */
export const processesEnvSchema = z.object({
  apiInstances: z.number().int(),
  radiusAuthInstances: z.number().int(),
  radiusAcctInstances: z.number().int(),
  /** Absent in a file of an earlier version, which `npm stop` and `npm run status` read too. */
  workerInstances: z.number().int().default(1),
  simulator: z.boolean(),
  service: z.record(z.string(), z.string()),
  simulatorEnv: z.record(z.string(), z.string()),
});
export type ProcessesEnv = z.infer<typeof processesEnvSchema>;

export interface ProcessesEnvInput {
  readonly config: CliConfig;
  readonly layout: Layout;
  readonly secrets: Secrets;
  readonly ports: Ports;
  readonly urls: StoreUrls;
}

function simulatorEnv({ config, layout, secrets, ports }: ProcessesEnvInput): Record<string, string> {
  return {
    SIMULATOR_VERSION: '7.22',
    SIMULATOR_SEED: secrets.simulatorSeed,
    LOG_LEVEL: 'info',
    ...config.handedOn,
    NODE_ENV: 'production',
    TURNPIKE_DATA: layout.data,
    SIMULATOR_ROUTERS: String(config.simulatorRouters),
    SIMULATOR_API_PORT_BASE: String(ports.simulatorApi),
    SIMULATOR_CONTROL_PORT: String(ports.simulatorControl),
    SIMULATOR_READY_FILE: layout.simulatorReady,
    ...standInSimulatorEnv({ secrets, ports }),
    RADIUS_AUTH_PORT: String(ports.radiusAuth),
    RADIUS_ACCT_PORT: String(ports.radiusAcct),
  };
}

/** The environment of the processes; names are read by `apps/<process>/src/config.ts`. */
export function processesEnv(input: ProcessesEnvInput): ProcessesEnv {
  const { config, layout, secrets, ports, urls } = input;
  const service = {
    ENCRYPTION_KEYS: secrets.encryptionKey,
    TOKEN_PEPPER: secrets.tokenPepper,
    METRICS_TOKEN: secrets.metricsToken,
    ROUTER_ALLOW_LOOPBACK: String(config.simulatorRouters > 0),
    LOG_LEVEL: 'info',
    ...config.handedOn,
    ...standInServiceEnv({ config, secrets, ports }),
    NODE_ENV: 'production',
    TURNPIKE_DATA: layout.data,
    DATABASE_URL: urls.databaseUrl,
    REDIS_DURABLE_URL: urls.redisDurableUrl,
    REDIS_CACHE_URL: urls.redisCacheUrl,
    HOST: config.host,
    PORT: String(ports.api),
    RADIUS_HOST: config.radiusHost,
    RADIUS_AUTH_PORT: String(ports.radiusAuth),
    RADIUS_ACCT_PORT: String(ports.radiusAcct),
    RADIUS_ADVERTISED_ADDRESS: config.radiusAdvertisedAddress,
  };
  return {
    apiInstances: config.apiInstances,
    radiusAuthInstances: config.radiusAuthInstances,
    radiusAcctInstances: config.radiusAcctInstances,
    workerInstances: config.workerInstances,
    simulator: config.simulatorRouters > 0,
    service,
    simulatorEnv: simulatorEnv(input),
  };
}

/** How many processes of each name there have to be, in the order of their start. */
export function expectedProcesses(env: ProcessesEnv): Map<string, number> {
  const service: [string, number][] = [
    ['radius-auth', env.radiusAuthInstances],
    ['radius-acct', env.radiusAcctInstances],
    ['worker', env.workerInstances],
    ['api', env.apiInstances],
  ];
  return new Map(env.simulator ? [['simulator', 1], ...service] : service);
}
