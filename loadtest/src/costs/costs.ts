import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type OwnInstance, withOwnInstance } from '../chaos/own-instance.js';
import type { LoadtestConfig } from '../config.js';
import { fillPackages } from '../fill-packages.js';
import { deployAll, registerRouters } from '../deploys.js';
import type { Instance } from '../instance.js';
import { createDarajaControl } from '../purchases/daraja-control.js';
import type { Say } from '../radius/target.js';
import type { Figure } from '../results.js';
import { darajaEnv, type RunningSimulator, startSimulator } from '../simulator.js';
import { needsLines } from './capacity-text.js';
import { cachedReads, purchases, uncachedReads } from './http-things.js';
import { startMeter } from './meter.js';
import { ASSUMPTIONS, needsOf, USERS } from './needs.js';
import { interimWork, loginWork } from './radius-things.js';
import { type Costs, costFigures, sumOf, type Thing, type UnitCost } from './unit-costs.js';

export const COSTS_WHOLE = { RATE: 200, SECONDS: 25, CUSTOMERS: 2_000 };
/** Of the rate: logins bring two packets of accounting each, and purchases cost far more than anything else. */
const LOGINS = 0.5;
const PURCHASES = 0.02;
const PACKAGES = 20;
const ROUTERS = 12;
const PHONES = { clear: true, delayMs: 500 };

/** What everything costs, at a steady rate far from any limit, and what a network of so many users needs by that. */
export async function costs(
  config: LoadtestConfig,
  _instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const simulator = await startSimulator(config, ROUTERS, 0);
  try {
    await createDarajaControl(`${simulator.controlUrl}/daraja`).rule(PHONES);
    const env = { ...darajaEnv(simulator), ROUTER_ALLOW_LOOPBACK: 'true' };
    const measured = await withOwnInstance({ config, say, signal, env }, (own) =>
      measureAll({ config, own, simulator, say, signal }),
    );
    for (const line of needsLines(measured)) say(line);
    return [...costFigures(measured), ...needFigures(measured)];
  } finally {
    await simulator.stop();
  }
}

interface Stage {
  readonly config: LoadtestConfig;
  readonly own: OwnInstance;
  readonly simulator: RunningSimulator;
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function measureAll({ config, own, simulator, say, signal }: Stage): Promise<Costs> {
  const { instance } = own;
  const rate = config.RATE ?? COSTS_WHOLE.RATE;
  const seconds = config.SECONDS ?? COSTS_WHOLE.SECONDS;
  const target = await own.prepare({ customers: config.CUSTOMERS ?? COSTS_WHOLE.CUSTOMERS });
  await fillPackages(instance, PACKAGES);
  const radius = { config, postgresUrl: instance.postgresUrl, target, seconds, say, signal };
  const http = { instance, seconds, signal };
  say(`nothing for ${seconds} s, to know what runs anyway`);
  const meter = await startMeter(own, seconds * 1_000, signal);
  const tell = (thing: Thing, unit: UnitCost): UnitCost => {
    const ms = sumOf(unit.cpu) * 1_000;
    say(
      `  ${thing}: ${ms.toFixed(2)} ms of CPU, ${Math.round(unit.networkBytes)} bytes, ${Math.round(unit.diskBytes)} on disk`,
    );
    return unit;
  };
  say(`logins, ${rate * LOGINS}/s for ${seconds} s`);
  const logins = await loginWork({ ...radius, perSecond: rate * LOGINS });
  const login = tell('login', await meter.measure(() => logins.run()));
  say(`accounting, ${rate}/s for ${seconds} s`);
  const interims = await interimWork({ ...radius, perSecond: rate });
  const interim = tell('interim', await meter.measure(() => interims.run()));
  say(`API reads, ${rate}/s for ${seconds} s each`);
  const cachedRead = tell('cachedRead', await meter.measure(() => cachedReads({ ...http, perSecond: rate })));
  const uncachedRead = tell('uncachedRead', await meter.measure(() => uncachedReads({ ...http, perSecond: rate })));
  say(`purchases, ${rate * PURCHASES}/s for ${seconds} s`);
  const purchase = tell('purchase', await meter.measure(() => purchases({ ...http, perSecond: rate * PURCHASES })));
  say(`deploys of ${ROUTERS} routers`);
  const ids = await registerRouters(instance, simulator.routers, signal);
  const deploy = async () => ({ count: (await deployAll(instance, ids, signal)).routers, networkBytes: 0 });
  const router = tell('router', await meter.measure(deploy));
  const of = { login, interim, cachedRead, uncachedRead, purchase, router };
  return { of, idle: meter.idle, interimSeconds: await readInterimSeconds(own.dataDir) };
}

const processesFile = z.object({ service: z.object({ RADIUS_INTERIM_SECONDS: z.coerce.number().default(60) }) });

/** As the instance tells routers; the default is that of the RADIUS processes. */
async function readInterimSeconds(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'processes.env.json'), 'utf8');
  return processesFile.parse(JSON.parse(text)).service.RADIUS_INTERIM_SECONDS;
}

function needFigures(measured: Costs): Figure[] {
  const assumed = Object.entries<number>({ ...ASSUMPTIONS }).map(([name, value]) => ({
    name: `assumed: ${name}`,
    value,
    unit: '',
  }));
  const needs = USERS.flatMap((users) => {
    const need = needsOf(users, measured, measured.interimSeconds);
    const name = `${users.toLocaleString('en')} users`;
    return [
      { name: `${name}: cores`, value: need.cores, unit: '' },
      { name: `${name}: disk a day`, value: need.diskBytesPerDay / 1e9, unit: 'GB' },
      { name: `${name}: disk a month`, value: need.diskBytesPerMonth / 1e9, unit: 'GB' },
      { name: `${name}: network`, value: need.networkBitsPerSecond / 1e6, unit: 'Mbit/s' },
    ];
  });
  return [...assumed, ...needs];
}
