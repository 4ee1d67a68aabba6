import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@turnpike/core/clock.js';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { createRadiusClient } from '@turnpike/radius/udp-client.js';
import type { RadiusTarget } from '../radius/target.js';
import type { Buyer } from './buyers.js';
import type { Credentials } from './online-check.js';
import type { PurchaseSeen } from './shop.js';

/** When somebody who buys could first be online, ms since 1970; undefined when it took too long. */
export interface AccessProbe {
  untilAccepted(
    buyer: Buyer,
    look: () => Promise<PurchaseSeen | undefined>,
    signal: AbortSignal,
  ): Promise<number | undefined>;
  /** One login, by PAP. */
  isAccepted(buyer: Buyer, credentials: Credentials, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 150;
const GIVEN_UP_MS = 240_000;
const NAS_PORT_WIRELESS = 19;

/** Does what the portal's page and the router do together: waits for the credentials and logs in with them, by PAP. */
export function createAccessProbe(target: Omit<RadiusTarget, 'customers'>): AccessProbe {
  const client = createRadiusClient({ clock: systemClock, localAddress: target.nasAddress });
  const secret = Buffer.from(target.secret);

  async function isAccepted(buyer: Buyer, { username, password }: Credentials, signal: AbortSignal): Promise<boolean> {
    const outcome = await client.exchange({
      host: target.host,
      port: target.authPort,
      secret,
      code: CODE.ACCESS_REQUEST,
      password: Buffer.from(password),
      attributes: [
        { type: ATTR.USER_NAME, value: Buffer.from(username) },
        { type: ATTR.NAS_IP_ADDRESS, value: Buffer.from(target.nasAddress.split('.').map(Number)) },
        { type: ATTR.NAS_IDENTIFIER, value: Buffer.from('loadtest') },
        { type: ATTR.NAS_PORT_TYPE, value: Buffer.from([0, 0, 0, NAS_PORT_WIRELESS]) },
        { type: ATTR.CALLING_STATION_ID, value: Buffer.from(buyer.mac) },
        { type: ATTR.CALLED_STATION_ID, value: Buffer.from('hotspot1') },
      ],
      timeoutMs: 1_500,
      tries: 3,
      signal,
    });
    return outcome.kind === 'reply' && outcome.packet.code === CODE.ACCESS_ACCEPT;
  }

  return {
    untilAccepted: async (buyer, look, signal) => {
      const endMs = performance.now() + GIVEN_UP_MS;
      while (performance.now() < endMs) {
        const { credentials } = (await look().catch(() => undefined)) ?? {};
        if (credentials !== undefined) {
          if (await isAccepted(buyer, credentials, signal)) return Date.now();
        }
        await delay(LOOK_EVERY_MS, undefined, { signal });
      }
      return undefined;
    },
    isAccepted,
    close: () => client.close(),
  };
}
