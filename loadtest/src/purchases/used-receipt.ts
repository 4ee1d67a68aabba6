import type { TruePush } from './daraja-control.js';

export interface SettledReceipt {
  readonly msisdn: string;
  readonly receipt: string;
}

interface Sources {
  /** Receipts that the service knows of payments that succeeded, whichever. Rejects while its database is away. */
  readonly settled: () => Promise<readonly SettledReceipt[]>;
  readonly pushesOf: (msisdn: string) => Promise<readonly TruePush[]>;
}

/**
 * A payment whose receipt has been used: what a phone has paid counts only when the service knows it, or a forger who names its
 * receipt would be the first to tell. Undefined when there is none yet.
 */
export async function findUsedReceipt({ settled, pushesOf }: Sources): Promise<TruePush | undefined> {
  for (const { msisdn, receipt } of await settled().catch(() => [])) {
    const push = (await pushesOf(msisdn)).find((one) => one.receipt === receipt);
    if (push !== undefined) return push;
  }
  return undefined;
}
