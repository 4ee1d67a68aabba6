import type { StoreUrls } from './processes-env.js';
import type { SimulatedRouter } from './simulator-ready.js';

/** What `seed` is given at every start: after the migrations, before the service's processes; the simulator runs. */
export interface SeedInput extends StoreUrls {
  /** Comma-separated list of 64 hexadecimal digits each, the first one encrypts. */
  readonly encryptionKeys: string;
  readonly tokenPepper: string;
  /** First operator; an existing one keeps the password he has. */
  readonly operator: { readonly email: string; readonly password: string };
  /** Bearer token of instance.json, to be stored as a hash. */
  readonly apiToken: string;
  /** Routers of the simulator that are to be known to the system; empty without a simulator. */
  readonly simulatedRouters: readonly SimulatedRouter[];
  readonly log: (line: string) => void;
}
