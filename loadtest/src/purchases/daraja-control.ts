import { z } from 'zod';

const instant = z.iso.datetime().transform((text) => Date.parse(text));

const push = z.object({
  checkoutRequestId: z.string(),
  msisdn: z.string(),
  amount: z.number(),
  callbackUrl: z.url(),
  resultCode: z.number().nullable(),
  receipt: z.string().nullable(),
  answeredAt: instant.nullable(),
  callbacks: z.array(z.object({ at: instant, outcome: z.union([z.number(), z.string()]) })),
});
/** A push as the phone saw it: the truth that everything is compared with. Times in ms since 1970. */
export type TruePush = z.output<typeof push>;

const overview = z.object({ callbacksWaiting: z.number(), pushes: z.number(), paid: z.number() });

/** The control endpoint of the simulator's Daraja. */
export interface DarajaControl {
  /** How everybody pays from now on; `{ clear: true }` as at the start. */
  rule(change: Readonly<Record<string, unknown>>): Promise<void>;
  phone(msisdn: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  pushes(msisdn?: string): Promise<TruePush[]>;
  /** How many phones were asked, and how many paid, until now. */
  counts(): Promise<{ readonly pushes: number; readonly paid: number }>;
  /** Callbacks that are still to be sent. */
  waiting(): Promise<number>;
}

const TIMEOUT_MS = 60_000;

export function createDarajaControl(controlUrl: string): DarajaControl {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(controlUrl + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the M-Pesa stand-in answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
  return {
    rule: async (change) => void (await call('POST', '/rule', change)),
    phone: async (msisdn, change) => void (await call('POST', `/phones/${msisdn}`, change)),
    pushes: async (msisdn) => {
      const query = msisdn === undefined ? '' : `?msisdn=${msisdn}`;
      return z.object({ pushes: z.array(push) }).parse(await call('GET', `/pushes${query}`)).pushes;
    },
    counts: async () => overview.parse(await call('GET', '')),
    waiting: async () => overview.parse(await call('GET', '')).callbacksWaiting,
  };
}
