import { randomInt } from 'node:crypto';
import { listCustomers } from '@turnpike/contracts/customers.js';
import { getPortalPurchase, type PortalPurchaseView, startPortalPurchase } from '@turnpike/contracts/portal.js';
import type { ApiClient } from '../api-client.js';
import { waitFor } from './wait-for.js';

export interface Purchase {
  readonly packageId: string;
  readonly routerId: string;
  readonly mac: string;
  /** Shows what the customer is told meanwhile. */
  readonly tell: (detail: string) => void;
}

export interface PaidPurchase {
  readonly msisdn: string;
  readonly view: PortalPurchaseView;
}

/** Any number will do: only the stand-in is asked. */
function demoMsisdn(): string {
  return `25470${String(randomInt(10_000_000)).padStart(7, '0')}`;
}

/** Buys as the portal's page does: asks for the payment, and looks until it is paid. Rejects when it fails. */
export async function buyOverPortal(
  api: ApiClient,
  { packageId, routerId, mac, tell }: Purchase,
): Promise<PaidPurchase> {
  const msisdn = demoMsisdn();
  const { reference } = await api.call(startPortalPurchase, { body: { packageId, msisdn, mac, nas: routerId } });
  const view = await waitFor({ what: 'the payment', withinMs: 60_000, everyMs: 50 }, async () => {
    const now = await api.call(getPortalPurchase, { params: { reference } });
    tell(now.message.en);
    if (now.status === 'failed') throw new Error(`the purchase failed: ${now.message.en}`);
    return now.status === 'paid' && now.credentials !== undefined ? now : undefined;
  });
  return { msisdn, view };
}

/** Whoever bought is a customer now. */
export async function customerIdOf(api: ApiClient, msisdn: string): Promise<string> {
  const { items } = await api.call(listCustomers, { query: { q: msisdn } });
  const [customer] = items;
  if (customer === undefined) throw new Error(`nobody is found under the phone number ${msisdn}`);
  return customer.id;
}
