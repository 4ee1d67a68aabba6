import { systemClock } from '@turnpike/core/clock.js';
import { recordRadiusEvents, type RadiusEvents } from '@turnpike/testkit/radius-events.js';
import { openUdpProbe, type UdpProbe } from '@turnpike/testkit/udp-probe.js';
import { ATTR, CODE } from './attributes.js';
import { verifyChap } from './chap.js';
import { encodeRequest, type RequestToEncode } from './encode.js';
import {
  createRadiusServer,
  type RadiusAnswer,
  type RadiusRequest,
  type RadiusServer,
  type RadiusServerOptions,
} from './udp-server.js';
import { revealPassword, samePassword } from './user-password.js';
import { sessionTimeoutAttr, textAttr } from './value-codec.js';

/** What the tests of the server share: a NAS at 127.0.40.x, its secret and one user's password. */
export const SECRET = 'a secret of thirty-two characters';
export const NAS_ADDRESS = '127.0.40.1';
export const PASSWORD = Buffer.from('arctangent');

export interface TestServer {
  readonly server: RadiusServer;
  readonly port: number;
  readonly recvBufferBytes: number;
  readonly events: RadiusEvents;
  /** A socket at NAS_ADDRESS. */
  readonly probe: UdpProbe;
  close(): Promise<void>;
}

export async function openTestServer(overrides: Partial<RadiusServerOptions> = {}): Promise<TestServer> {
  const events = recordRadiusEvents();
  const server = createRadiusServer({
    role: 'auth',
    host: '127.0.0.1',
    port: 0,
    lookupNas: (address) =>
      address.startsWith('127.0.40.')
        ? { id: 'nas1', secrets: [Buffer.from(SECRET)], messageAuthenticator: 'required' }
        : undefined,
    handle: (request) => Promise.resolve(checkPassword(request)),
    observe: events.observe,
    clock: systemClock,
    rejectDelayMs: 0,
    ...overrides,
  });
  const { port, recvBufferBytes } = await server.start();
  const probe = await openUdpProbe(NAS_ADDRESS);
  const close = async (): Promise<void> => {
    await probe.close();
    await server.stop({ drainMs: 1_000 });
  };
  return { server, port, recvBufferBytes, events, probe, close };
}

export function checkPassword({ packet, secret }: RadiusRequest): RadiusAnswer {
  const hidden = packet.get(ATTR.USER_PASSWORD);
  const right =
    hidden === undefined
      ? verifyChap(packet, PASSWORD)
      : samePassword(revealPassword(hidden, packet.authenticator, secret), PASSWORD);
  return right
    ? { code: CODE.ACCESS_ACCEPT, attributes: [sessionTimeoutAttr(600)] }
    : { code: CODE.ACCESS_REJECT, attributes: [textAttr(ATTR.REPLY_MESSAGE, 'wrong password')] };
}

/** A signed Access-Request of user `nemo` with the right password, unless `overrides` says otherwise. */
export function accessRequest(
  identifier: number,
  overrides: Partial<RequestToEncode> = {},
): { datagram: Buffer; authenticator: Buffer } {
  return encodeRequest({
    code: CODE.ACCESS_REQUEST,
    identifier,
    attributes: [textAttr(ATTR.USER_NAME, 'nemo')],
    password: PASSWORD,
    secret: Buffer.from(SECRET),
    messageAuthenticator: true,
    ...overrides,
  });
}

/** A promise the test settles. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/**
 * The first datagram that comes back after all that was sent before a Status-Server with identifier 250: it is the
 * answer to that one when nothing else was answered, as loopback keeps order.
 */
export async function firstReplyAfterSentinel({ probe, port }: Pick<TestServer, 'probe' | 'port'>): Promise<Buffer> {
  await probe.send(accessRequest(250, { code: CODE.STATUS_SERVER, attributes: [] }).datagram, port);
  return await probe.next();
}
