import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { api, type Instance } from '../instance.js';
import type { Buyer } from './buyers.js';
import type { RequestFrom } from './request-from.js';

const started = z.object({ reference: z.string() });
const seen = z.object({
  status: z.enum(['waiting', 'paid', 'failed', 'checking']),
  credentials: z.object({ username: z.string(), password: z.string() }).optional(),
});
export type PurchaseSeen = z.output<typeof seen>;

/** What is sold in the run. */
export interface Goods {
  readonly packageId: string;
  readonly priceMinor: number;
  readonly validForSeconds: number;
}

const PRICE_MINOR = 5_000;
const HOUR_SECONDS = 3_600;

/** A package of this run's own: everybody may buy it. */
export async function putOnSale(instance: Instance): Promise<Goods> {
  const goods = { priceMinor: PRICE_MINOR, validForSeconds: HOUR_SECONDS };
  const body = {
    name: `Load test, purchases ${randomBytes(4).toString('hex')}`,
    type: 'hotspot',
    currency: 'KES',
    downKbps: 10_240,
    upKbps: 5_120,
    devices: 2,
    ...goods,
  };
  const { id } = z.object({ id: z.string() }).parse(await api(instance, 'POST', '/packages', body));
  return { packageId: id, ...goods };
}

export async function takeOffSale(instance: Instance, { packageId }: Goods): Promise<void> {
  await api(instance, 'POST', `/packages/${packageId}/deactivate`);
}

export interface Bought {
  readonly reference: string;
  readonly tookMs: number;
}

/** One purchase over the portal. Rejects when it is not taken. */
export async function buy(
  from: RequestFrom,
  instance: Instance,
  { packageId }: Goods,
  { address, msisdn, mac }: Buyer,
): Promise<Bought> {
  const answer = await from(address, 'POST', `${instance.apiUrl}/portal/purchases`, { packageId, msisdn, mac });
  if (answer.status !== 201) throw new Error(`a purchase was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  return { reference: started.parse(JSON.parse(answer.text)).reference, tookMs: answer.tookMs };
}

/** As `buy`, again and again until it is taken: a customer presses the button once more. */
export async function buyPatiently(
  buyOnce: () => Promise<Bought>,
  { withinMs, everyMs, signal }: { withinMs: number; everyMs: number; signal: AbortSignal },
): Promise<Bought & { readonly tries: number }> {
  const endMs = performance.now() + withinMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return { ...(await buyOnce()), tries };
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
    await delay(everyMs, undefined, { signal });
  }
}

/** What the portal's page is told; undefined when it was told nothing this time. */
export async function look(
  from: RequestFrom,
  instance: Instance,
  { address }: Buyer,
  reference: string,
): Promise<PurchaseSeen | undefined> {
  const answer = await from(address, 'GET', `${instance.apiUrl}/portal/purchases/${reference}`);
  return answer.status === 200 ? seen.parse(JSON.parse(answer.text)) : undefined;
}
