import { hash, randomFillSync } from 'node:crypto';
import { ATTR, CODE, MICROSOFT, VENDOR } from '@turnpike/radius/attributes.js';
import { macOf, passwordOf, usernameOf, type Customers } from './customers.js';
import { msChap2Response, type MsChap2Values } from './mschap2-response.js';
import type { PacketWriter } from './packet-writer.js';

export const LOGIN_METHODS = ['pap', 'chap', 'mschap'] as const;
export type LoginMethod = (typeof LOGIN_METHODS)[number];

export interface LoginPacket {
  readonly customer: number;
  readonly identifier: number;
  readonly wrongPassword?: boolean;
  /** Another device of the same customer. */
  readonly device?: number;
}

/** Writes Access-Requests as RouterOS sends them: HotSpot for PAP and CHAP, PPP for MS-CHAPv2. */
export interface AccessPackets {
  write(login: LoginPacket, into: Buffer, at: number): number;
}

const NAS_PORT_WIRELESS = 19;
const NAS_PORT_ETHERNET = 15;
const FRAMED = 2;
const PPP = 1;
const RANDOM_BYTES = 64 * 1024;

export function createAccessPackets(options: {
  readonly writer: PacketWriter;
  readonly customers: Customers;
  readonly method: LoginMethod;
  readonly nasAddress: string;
}): AccessPackets {
  const { writer, customers, method, nasAddress } = options;
  const nasAddressBytes = Buffer.from(nasAddress.split('.').map(Number));
  const takeRandom = randomSource();
  const msChap = new Map<string, MsChap2Values>();

  /** The same answer to the same challenge in every packet of a customer: it costs a client more than the service. */
  function msChapOf(customer: number, wrongPassword: boolean): MsChap2Values {
    const key = `${customer}${wrongPassword ? 'x' : ''}`;
    const known = msChap.get(key);
    if (known !== undefined) return known;
    const values = msChap2Response({
      username: usernameOf(customers, customer),
      password: passwordOf(customers, customer) + (wrongPassword ? 'x' : ''),
      identifier: customer & 0xff,
      authenticatorChallenge: Buffer.from(takeRandom()),
      peerChallenge: Buffer.from(takeRandom()),
    });
    msChap.set(key, values);
    return values;
  }

  function credentials(login: LoginPacket): void {
    const wrong = login.wrongPassword === true;
    if (method === 'mschap') {
      const { challenge, response } = msChapOf(login.customer, wrong);
      writer.integer(ATTR.SERVICE_TYPE, FRAMED);
      writer.integer(ATTR.FRAMED_PROTOCOL, PPP);
      writer.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP_CHALLENGE, challenge);
      writer.vendor(VENDOR.MICROSOFT, MICROSOFT.CHAP2_RESPONSE, response);
      return;
    }
    const password = Buffer.from(passwordOf(customers, login.customer) + (wrong ? 'x' : ''));
    if (method === 'pap') {
      writer.password(password);
      return;
    }
    // RouterOS names its challenge apart from the authenticator; RFC 2865 2.2.
    const challenge = Buffer.from(takeRandom());
    const identifier = Buffer.from([login.customer & 0xff]);
    const digest = hash('md5', Buffer.concat([identifier, password, challenge]), 'hex');
    writer.bytes(ATTR.CHAP_CHALLENGE, challenge);
    writer.bytes(ATTR.CHAP_PASSWORD, Buffer.concat([identifier, Buffer.from(digest, 'hex')]));
  }

  return {
    write(login, into, at) {
      const authenticator = Buffer.from(takeRandom());
      writer.begin(CODE.ACCESS_REQUEST, login.identifier, authenticator);
      writer.text(ATTR.USER_NAME, usernameOf(customers, login.customer));
      credentials(login);
      writer.bytes(ATTR.NAS_IP_ADDRESS, nasAddressBytes);
      writer.text(ATTR.NAS_IDENTIFIER, 'loadtest');
      writer.integer(ATTR.NAS_PORT_TYPE, method === 'mschap' ? NAS_PORT_ETHERNET : NAS_PORT_WIRELESS);
      writer.text(ATTR.CALLING_STATION_ID, macOf(login.customer, login.device));
      writer.text(ATTR.CALLED_STATION_ID, method === 'mschap' ? 'pppoe1' : 'hotspot1');
      return writer.finish(into, at);
    },
  };
}

/** 16 random bytes a call, made many at a time; good until the next call. */
function randomSource(): () => Buffer {
  const pool = Buffer.alloc(RANDOM_BYTES);
  let at = RANDOM_BYTES;
  return () => {
    if (at >= RANDOM_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += 16;
    return pool.subarray(at - 16, at);
  };
}
