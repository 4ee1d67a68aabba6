import { z } from 'zod';
import type { Figure } from '../results.js';

/** Processes whose CPU is told apart, as `npm run status` names them. */
export const ROLES = [
  'api',
  'radius-auth',
  'radius-acct',
  'worker',
  'postgres',
  'redis durable',
  'redis cache',
] as const;
export type Role = (typeof ROLES)[number];
export type CpuOfRoles = Readonly<Record<Role, number>>;

/** What is measured, how many of it a figure is of, and what that is called. */
export const THINGS = {
  login: { per: 1_000, is: '1,000 logins, each with a Start and a Stop' },
  interim: { per: 1_000, is: '1,000 interims, every 10 with a Start and a Stop' },
  cachedRead: { per: 1_000, is: '1,000 cached API reads' },
  uncachedRead: { per: 1_000, is: '1,000 uncached API reads' },
  purchase: { per: 1, is: 'a purchase over the portal' },
  router: { per: 1, is: 'a deployed router' },
} as const;
export type Thing = keyof typeof THINGS;
export const THING_NAMES = ['login', 'interim', 'cachedRead', 'uncachedRead', 'purchase', 'router'] as const;

/** Of one thing. */
export interface UnitCost {
  /** User and system time, seconds. */
  readonly cpu: CpuOfRoles;
  /** Requests and answers, UDP and IP headers included, those of TCP not; 0 where it was not measured. */
  readonly networkBytes: number;
  /** By which PostgreSQL has grown. */
  readonly diskBytes: number;
}

export interface Costs {
  readonly of: Readonly<Record<Thing, UnitCost>>;
  /** Part of a core that each needs while nobody does anything. */
  readonly idle: CpuOfRoles;
  /** RADIUS_INTERIM_SECONDS of the instance. */
  readonly interimSeconds: number;
}

const IDLE = 'nobody does anything';
const INTERIM_SECONDS = 'RADIUS_INTERIM_SECONDS of the instance';
const cpuName = (is: string, role: Role): string => `${is}: CPU of ${role}`;
const networkName = (is: string): string => `${is}: network`;
const diskName = (is: string): string => `${is}: growth of PostgreSQL`;

export function costFigures(costs: Costs): Figure[] {
  const figures: Figure[] = [];
  for (const thing of THING_NAMES) {
    const { per, is } = THINGS[thing];
    const { cpu, networkBytes, diskBytes } = costs.of[thing];
    for (const role of ROLES) figures.push({ name: cpuName(is, role), value: cpu[role] * per, unit: 's' });
    figures.push({ name: `${is}: CPU in all`, value: sumOf(cpu) * per, unit: 's' });
    figures.push({ name: networkName(is), value: networkBytes * per, unit: 'bytes' });
    figures.push({ name: diskName(is), value: diskBytes * per, unit: 'bytes' });
  }
  for (const role of ROLES) figures.push({ name: cpuName(IDLE, role), value: costs.idle[role] * 100, unit: '% core' });
  return [...figures, { name: INTERIM_SECONDS, value: costs.interimSeconds, unit: 's' }];
}

const resultFile = z.object({
  date: z.string(),
  machine: z.object({ cpu: z.string(), cores: z.number() }),
  figures: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
});
export type CostsResult = z.output<typeof resultFile>;

export function parseResult(text: string): CostsResult {
  return resultFile.parse(JSON.parse(text));
}

/** What `costFigures` made; throws when a figure is missing. */
export function costsOf(figures: readonly Pick<Figure, 'name' | 'value'>[]): Costs {
  const values = new Map(figures.map(({ name, value }) => [name, value]));
  const valueOf = (name: string): number => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the result has no figure "${name}": run the scenario again`);
    return value;
  };
  const unit = (thing: Thing): UnitCost => {
    const { per, is } = THINGS[thing];
    return {
      cpu: ofRoles((role) => valueOf(cpuName(is, role)) / per),
      networkBytes: valueOf(networkName(is)) / per,
      diskBytes: valueOf(diskName(is)) / per,
    };
  };
  return {
    of: {
      login: unit('login'),
      interim: unit('interim'),
      cachedRead: unit('cachedRead'),
      uncachedRead: unit('uncachedRead'),
      purchase: unit('purchase'),
      router: unit('router'),
    },
    idle: ofRoles((role) => valueOf(cpuName(IDLE, role)) / 100),
    interimSeconds: valueOf(INTERIM_SECONDS),
  };
}

export function ofRoles(value: (role: Role) => number): CpuOfRoles {
  return {
    api: value('api'),
    'radius-auth': value('radius-auth'),
    'radius-acct': value('radius-acct'),
    worker: value('worker'),
    postgres: value('postgres'),
    'redis durable': value('redis durable'),
    'redis cache': value('redis cache'),
  };
}

export function sumOf(cpu: CpuOfRoles): number {
  return ROLES.reduce((sum, role) => sum + cpu[role], 0);
}
