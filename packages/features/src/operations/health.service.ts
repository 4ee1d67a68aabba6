import type { Clock } from '@turnpike/core/clock.js';
import { AppError } from '@turnpike/core/app-error.js';
import { probe, type Check, type Component } from './probe.js';

export interface StoreCheck {
  readonly name: string;
  readonly check: Check;
  /** False: without it the API still serves, only slower. */
  readonly neededToServe: boolean;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly components: Component[];
}

export interface HealthService {
  /** Throws `unavailable`, naming the stores that do not answer. */
  assertReady(): Promise<void>;
  /** Only what this process needs to serve. */
  checkNeeded(): Promise<Component[]>;
  /** Everything, other processes included. */
  check(): Promise<Health>;
}

interface Deps {
  readonly clock: Clock;
  readonly stores: readonly StoreCheck[];
  /** The other processes of the system, probed one by one. */
  readonly probeProcesses: () => Promise<Component[]>;
  /** Longest wait for one component, ms. */
  readonly deadlineMs: number;
}

export function createHealthService({ clock, stores, probeProcesses, deadlineMs }: Deps): HealthService {
  const probeStores = (wanted: readonly StoreCheck[]) =>
    Promise.all(wanted.map(({ name, check }) => probe(name, check, { clock, deadlineMs })));
  const checkNeeded = () => probeStores(stores.filter((store) => store.neededToServe));
  return {
    checkNeeded,
    assertReady: async () => {
      const away = (await checkNeeded()).filter((component) => !component.ok).map((component) => component.name);
      if (away.length > 0) throw new AppError('unavailable', `not ready: ${away.join(', ')}`);
    },
    check: async () => {
      const groups = await Promise.all([probeStores(stores), probeProcesses()]);
      const components = groups.flat();
      return { status: components.every((component) => component.ok) ? 'ok' : 'degraded', components };
    },
  };
}
