import { randomBytes } from 'node:crypto';
import { systemClock } from '@turnpike/core/clock.js';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { chapPassword } from '@turnpike/radius/chap.js';
import { createRadiusClient, type RadiusClient } from '@turnpike/radius/udp-client.js';
import { bytesAttr, integerAttr, ipv4Attr, textAttr } from '@turnpike/radius/value-codec.js';
import { Latencies } from './latencies.js';

export interface RadiusLoadOptions {
  readonly host: string;
  readonly authPort: number;
  readonly nasAddress: string;
  readonly nasSecret: string;
  readonly method: 'pap' | 'chap';
  /** `%d` is replaced by 0 .. customers - 1. */
  readonly username: string;
  readonly password: string;
  readonly customers: number;
  /** Requests in flight. */
  readonly window: number;
  readonly seconds: number;
  /** Share of requests with a wrong password, 0 to 1. */
  readonly wrongShare: number;
}

export interface RadiusLoadResult {
  readonly accepted: number;
  readonly rejected: number;
  /** Accepts for a wrong password or rejects for a right one. */
  readonly wrongVerdicts: number;
  readonly unanswered: number;
  readonly retransmitted: number;
  readonly perSecond: number;
  readonly latencies: Latencies;
}

/** Access-Requests in a closed loop, `window` at a time, from one NAS. */
export async function runRadiusLoad(options: RadiusLoadOptions): Promise<RadiusLoadResult> {
  const client = createRadiusClient({ localAddress: options.nasAddress, clock: systemClock });
  const totals = { accepted: 0, rejected: 0, wrongVerdicts: 0, unanswered: 0, retransmitted: 0 };
  const latencies = new Latencies();
  const startedMs = performance.now();
  const endMs = startedMs + options.seconds * 1000;
  let sequence = 0;

  async function lane(): Promise<void> {
    while (performance.now() < endMs) {
      sequence += 1;
      const wrong = options.wrongShare > 0 && sequence % Math.round(1 / options.wrongShare) === 0;
      const outcome = await ask(client, options, sequence % options.customers, wrong);
      if (outcome.kind !== 'reply') {
        totals.unanswered += 1;
        continue;
      }
      totals.retransmitted += outcome.transmissions - 1;
      const accepted = outcome.packet.code === CODE.ACCESS_ACCEPT;
      // A reject is delayed on purpose, so it says nothing about speed.
      if (accepted) latencies.add(outcome.rttMs);
      totals[accepted ? 'accepted' : 'rejected'] += 1;
      if (accepted === wrong) totals.wrongVerdicts += 1;
    }
  }

  try {
    await Promise.all(Array.from({ length: options.window }, lane));
  } finally {
    await client.close();
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return { ...totals, perSecond: (totals.accepted + totals.rejected) / seconds, latencies };
}

function ask(client: RadiusClient, options: RadiusLoadOptions, customer: number, wrong: boolean) {
  const username = options.username.replace('%d', String(customer));
  const password = Buffer.from(options.password.replace('%d', String(customer)) + (wrong ? 'x' : ''));
  const authenticator = randomBytes(16);
  const attributes: Attribute[] = [
    textAttr(ATTR.USER_NAME, username),
    ipv4Attr(ATTR.NAS_IP_ADDRESS, options.nasAddress),
    integerAttr(ATTR.NAS_PORT_TYPE, 19),
    textAttr(ATTR.CALLING_STATION_ID, macOf(customer)),
    textAttr(ATTR.CALLED_STATION_ID, 'loadtest'),
  ];
  if (options.method === 'chap') {
    const identifier = customer & 0xff;
    attributes.push(bytesAttr(ATTR.CHAP_PASSWORD, chapPassword({ identifier, password, challenge: authenticator })));
  }
  return client.exchange({
    host: options.host,
    port: options.authPort,
    secret: Buffer.from(options.nasSecret),
    code: CODE.ACCESS_REQUEST,
    attributes,
    ...(options.method === 'pap' ? { password } : {}),
    authenticator,
    timeoutMs: 3_000,
    tries: 3,
    signal: AbortSignal.timeout(15_000),
  });
}

function macOf(customer: number): string {
  const hex = customer.toString(16).toUpperCase().padStart(8, '0');
  return `02:00:${hex.replace(/(..)(?=.)/g, '$1:')}`;
}
