import type { PortalKeys } from './portal-keys.js';

const LIFE_SECONDS = 86_400;

export interface PortalPass {
  readonly pass: string;
  readonly expiresAt: Date;
}

/** What a browser keeps of somebody who has proved to be a customer. */
export function issuePass(keys: PortalKeys, customerId: string, now: Date): PortalPass {
  const expires = Math.floor(now.getTime() / 1_000) + LIFE_SECONDS;
  return { pass: keys.sign('pass', `${customerId}.${expires}`), expiresAt: new Date(expires * 1_000) };
}

/** The customer's id; undefined for a pass that is not ours or over. */
export function holderOfPass(keys: PortalKeys, pass: string, now: Date): string | undefined {
  const [customerId, expires] = keys.verify('pass', pass)?.split('.') ?? [];
  return customerId !== undefined && Number(expires) * 1_000 > now.getTime() ? customerId : undefined;
}
