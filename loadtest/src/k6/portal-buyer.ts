import { z } from 'zod';
import type { Instance } from '../instance.js';
import type { Buyer } from '../purchases/buyers.js';
import type { Goods } from '../purchases/shop.js';

const started = z.object({ reference: z.string() });

/** One purchase by a phone whose address a proxy tells; gives its reference. */
export async function buyAs(
  { apiUrl }: Instance,
  { packageId }: Goods,
  { msisdn, mac, address }: Buyer,
): Promise<string> {
  const response = await fetch(`${apiUrl}/portal/purchases`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ packageId, msisdn, mac }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`a purchase was answered ${response.status}: ${text.slice(0, 300)}`);
  return started.parse(JSON.parse(text)).reference;
}
