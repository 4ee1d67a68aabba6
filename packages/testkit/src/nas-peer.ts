import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '@turnpike/core/clock.js';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { verifyRequest } from '@turnpike/radius/authenticators.js';
import { chapPassword } from '@turnpike/radius/chap.js';
import { encodeReply } from '@turnpike/radius/encode.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { createRadiusClient, type ExchangeOutcome } from '@turnpike/radius/udp-client.js';
import { bytesAttr, integerAttr, textAttr } from '@turnpike/radius/value-codec.js';

export interface NasPeerOptions {
  /** Source address, an own one in 127.0.0.0/8 for each NAS. */
  readonly address: string;
  readonly secret: string;
  readonly host?: string;
  readonly authPort?: number;
  readonly acctPort?: number;
  /** Wait for each of `tries` transmissions (1,000 ms, 3). */
  readonly timeoutMs?: number;
  readonly tries?: number;
  /** False leaves Message-Authenticator out of Access-Requests, as old NASes do. Default true. */
  readonly messageAuthenticator?: boolean;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Further attributes, for example Calling-Station-Id. */
  readonly attributes?: readonly Attribute[];
}

export interface AccountingRecord {
  /** Acct-Status-Type: 1 start, 2 stop, 3 interim, 7 on, 8 off. */
  readonly status: number;
  readonly sessionId?: string;
  readonly username?: string;
  readonly attributes?: readonly Attribute[];
}

/** A NAS of a few lines for tests: it authenticates, accounts and asks for the server's status. */
export interface NasPeer {
  pap(credentials: Credentials): Promise<ExchangeOutcome>;
  /** With a CHAP-Challenge attribute, as RouterOS HotSpot sends it. */
  chap(credentials: Credentials): Promise<ExchangeOutcome>;
  account(record: AccountingRecord): Promise<ExchangeOutcome>;
  status(port: 'auth' | 'acct'): Promise<ExchangeOutcome>;
  close(): Promise<void>;
}

export function createNasPeer(options: NasPeerOptions): NasPeer {
  const { host = '127.0.0.1', authPort = 0, acctPort = 0, timeoutMs = 1_000, tries = 3 } = options;
  const secret = Buffer.from(options.secret);
  const client = createRadiusClient({ localAddress: options.address, clock: systemClock });
  const stop = new AbortController();
  const messageAuthenticator = options.messageAuthenticator ?? true;
  const common = { host, secret, timeoutMs, tries, signal: stop.signal };
  const access = { ...common, port: authPort, code: CODE.ACCESS_REQUEST, messageAuthenticator };

  return {
    pap: ({ username, password, attributes = [] }) =>
      client.exchange({
        ...access,
        attributes: [textAttr(ATTR.USER_NAME, username), ...attributes],
        password: Buffer.from(password),
      }),
    chap({ username, password, attributes = [] }) {
      const challenge = randomBytes(16);
      const response = chapPassword({ identifier: 7, password: Buffer.from(password), challenge });
      return client.exchange({
        ...access,
        attributes: [
          textAttr(ATTR.USER_NAME, username),
          bytesAttr(ATTR.CHAP_PASSWORD, response),
          bytesAttr(ATTR.CHAP_CHALLENGE, challenge),
          ...attributes,
        ],
      });
    },
    account: (record) =>
      client.exchange({
        ...common,
        port: acctPort,
        code: CODE.ACCOUNTING_REQUEST,
        messageAuthenticator: false,
        attributes: accountingAttributes(record),
      }),
    status: (port) =>
      client.exchange({
        ...common,
        port: port === 'auth' ? authPort : acctPort,
        code: CODE.STATUS_SERVER,
        attributes: [],
      }),
    async close() {
      stop.abort();
      await client.close();
    },
  };
}

function accountingAttributes({ status, sessionId, username, attributes = [] }: AccountingRecord): Attribute[] {
  return [
    integerAttr(ATTR.ACCT_STATUS_TYPE, status),
    ...(sessionId === undefined ? [] : [textAttr(ATTR.ACCT_SESSION_ID, sessionId)]),
    ...(username === undefined ? [] : [textAttr(ATTR.USER_NAME, username)]),
    ...attributes,
  ];
}

export interface CoaAnswer {
  /** Disconnect-ACK 41, Disconnect-NAK 42, CoA-ACK 44, CoA-NAK 45. */
  readonly code: number;
  readonly attributes?: readonly Attribute[];
}

/** The other side of a NAS: takes Disconnect- and CoA-Requests (RFC 5176). */
export interface CoaListener {
  readonly port: number;
  /** Requests with a right authenticator, copies included. */
  readonly received: readonly RadiusPacket[];
  close(): Promise<void>;
}

/** `decide` answers each request; undefined sends nothing, as a NAS that is down. */
export async function openCoaListener(options: {
  readonly address: string;
  readonly secret: string;
  readonly decide: (request: RadiusPacket) => CoaAnswer | undefined;
}): Promise<CoaListener> {
  const secret = Buffer.from(options.secret);
  const received: RadiusPacket[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (datagram, remote) => {
    const parsed = parsePacket(datagram);
    if (!parsed.ok || !verifyRequest(parsed.packet, [secret], { messageAuthenticator: 'optional' }).ok) return;
    received.push(parsed.packet);
    const answer = options.decide(parsed.packet);
    if (answer === undefined) return;
    socket.send(encodeReply(parsed.packet, answer.code, answer.attributes ?? [], secret), remote.port, remote.address);
  });
  socket.bind(0, options.address);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    received,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}
