import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { OwnInstance } from '../chaos/own-instance.js';
import { withLedger } from '../ledger/open-ledger.js';
import { cpuSecondsOfTrees } from '../process-trees.js';
import { pidsOf } from '../turnpike-cli.js';
import { type CpuOfRoles, ofRoles, ROLES, type Role, type UnitCost } from './unit-costs.js';

/** What was done while the meter ran. */
export interface Done {
  readonly count: number;
  readonly networkBytes: number;
}

export interface Meter {
  /** Part of a core that each needs while nobody does anything. */
  readonly idle: CpuOfRoles;
  /** What one of the things that `work` does costs; `work` ends when everything that follows from it is done too. */
  measure(work: () => Promise<Done>): Promise<UnitCost>;
}

/** What has been written last is still being tidied up. */
const AFTERWARDS_MS = 2_000;

/** Looks at an instance that does nothing for so long, and then at what is done with it. */
export async function startMeter(own: OwnInstance, idleMs: number, signal: AbortSignal): Promise<Meter> {
  const status = await own.status();
  const pids = new Map<Role, number[]>(ROLES.map((role) => [role, pidsOf(status, role)]));
  const missing = ROLES.filter((role) => pids.get(role)?.length === 0);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} cannot be watched: npm run status knows no process`);
  const read = async (): Promise<CpuOfRoles> => {
    const seconds = new Map<Role, number>();
    for (const role of ROLES) seconds.set(role, await cpuSecondsOfTrees(pids.get(role) ?? []));
    return ofRoles((role) => seconds.get(role) ?? 0);
  };
  const size = () =>
    withLedger(own.instance.postgresUrl, async (ledger) => {
      const { rows } = await ledger.query('SELECT pg_database_size(current_database()) AS bytes', []);
      return z.object({ bytes: z.coerce.number() }).parse(rows[0]).bytes;
    });
  const timed = async <Result>(work: () => Promise<Result>) => {
    const [before, startedMs] = [await read(), performance.now()];
    const result = await work();
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await read();
    return { result, seconds, used: ofRoles((role) => after[role] - before[role]) };
  };
  const nothing = await timed(() => delay(idleMs, undefined, { signal }));
  const idle = ofRoles((role) => nothing.used[role] / nothing.seconds);
  return {
    idle,
    measure: async (work) => {
      const sizeBefore = await size();
      const { result, seconds, used } = await timed(async () => {
        const done = await work();
        await delay(AFTERWARDS_MS, undefined, { signal });
        return done;
      });
      const each = (value: number): number => Math.max(0, value) / result.count;
      return {
        cpu: ofRoles((role) => each(used[role] - idle[role] * seconds)),
        networkBytes: each(result.networkBytes),
        diskBytes: each((await size()) - sizeBefore),
      };
    },
  };
}
