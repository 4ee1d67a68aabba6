import type { RemoteInfo, Socket } from 'node:dgram';
import { ATTR, CODE } from '@turnpike/radius/attributes.js';
import { verifyRequest } from '@turnpike/radius/authenticators.js';
import { encodeReply } from '@turnpike/radius/encode.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { integerAttr } from '@turnpike/radius/value-codec.js';
import { type ClientSession, TERMINATE } from './client-session.js';
import { grantOf } from './grant.js';
import type { NasCore } from './nas-core.js';
import { bindUdp, COA_PORT, type ReservedAddress } from './nas-address.js';

/** Error-Cause (RFC 5176 3.5). */
const MISSING_ATTRIBUTE = 402;
const NAS_MISMATCH = 403;
const NO_SUCH_SESSION = 503;
const REMEMBERED_REPLIES = 256;

interface IncomingCounters {
  requests: number;
  badRequests: number;
  acks: number;
  naks: number;
}

/** Serves Disconnect-Request and CoA-Request the way `/radius/incoming` says. */
export class CoaServer {
  readonly #core: NasCore;
  readonly #reserved: ReservedAddress;
  #other: Socket | undefined;
  #port = COA_PORT;
  #counters: IncomingCounters = { requests: 0, badRequests: 0, acks: 0, naks: 0 };
  /** A retransmission gets the same bytes again (RFC 5176 2.3). */
  readonly #replies = new Map<string, Buffer>();
  #off = false;
  #dice: number;

  constructor(core: NasCore, reserved: ReservedAddress) {
    this.#core = core;
    this.#dice = core.state.seed >>> 0;
    this.#reserved = reserved;
    reserved.socket.on('message', (bytes, from) => this.#onMessage(COA_PORT, reserved.socket, bytes, from));
  }

  counters(): Record<string, string> {
    const { requests, badRequests, acks, naks } = this.#counters;
    return {
      requests: String(requests),
      'bad-requests': String(badRequests),
      acks: String(acks),
      naks: String(naks),
    };
  }

  resetCounters(): void {
    this.#counters = { requests: 0, badRequests: 0, acks: 0, naks: 0 };
  }

  /** Without power nothing answers. */
  power(on: boolean): void {
    this.#off = !on;
  }

  /** Follows a change of `/radius/incoming port`. */
  async follow(port: number): Promise<void> {
    if (port === this.#port) return;
    this.#port = port;
    this.#other?.close();
    this.#other = undefined;
    if (port === COA_PORT) return;
    const socket = await bindUdp(this.#reserved.address, port);
    socket.on('message', (bytes, from) => this.#onMessage(port, socket, bytes, from));
    this.#other = socket;
  }

  close(): void {
    this.#other?.close();
    this.#reserved.socket.close();
  }

  #onMessage(port: number, socket: Socket, bytes: Buffer, from: RemoteInfo): void {
    const incoming = this.#core.state.settings('/radius/incoming');
    if (this.#off || port !== this.#port || incoming['accept'] !== 'true') return;
    if (this.#core.faults.settings.coaSilent || this.#lost()) return;
    this.#counters.requests += 1;
    const parsed = parsePacket(bytes);
    const secrets = this.#secretsOf(from.address);
    const trusted = parsed.ok ? verifyRequest(parsed.packet, secrets, { messageAuthenticator: 'optional' }) : undefined;
    if (!parsed.ok || trusted?.ok !== true) {
      this.#counters.badRequests += 1;
      return;
    }
    const key = `${from.address}:${from.port}:${parsed.packet.raw.toString('base64')}`;
    const reply = this.#replies.get(key) ?? this.#answer(parsed.packet, trusted.secret);
    if (reply === undefined) return;
    this.#remember(key, reply);
    if (!this.#lost()) socket.send(reply, from.port, from.address);
  }

  /** The same datagrams are lost for the same seed. */
  #lost(): boolean {
    const { coaLoss } = this.#core.faults.settings;
    if (coaLoss === 0) return false;
    this.#dice = (Math.imul(this.#dice, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#dice / 2 ** 32 < coaLoss;
  }

  #secretsOf(address: string): Buffer[] {
    return this.#core.state
      .table('/radius')
      .rows.filter((row) => row.props['address'] === address && row.props['disabled'] !== 'true')
      .map((row) => Buffer.from(row.props['secret'] ?? '', 'utf8'));
  }

  #remember(key: string, reply: Buffer): void {
    this.#replies.set(key, reply);
    const oldest = this.#replies.keys().next();
    if (this.#replies.size > REMEMBERED_REPLIES && oldest.done !== true) this.#replies.delete(oldest.value);
  }

  #answer(request: RadiusPacket, secret: Buffer): Buffer | undefined {
    const disconnect = request.code === CODE.DISCONNECT_REQUEST;
    if (!disconnect && request.code !== CODE.COA_REQUEST) return undefined;
    const refusal = this.#refusal(request);
    const sessions = refusal === undefined ? this.#matching(request) : [];
    const cause = refusal ?? (sessions.length === 0 ? NO_SUCH_SESSION : undefined);
    if (cause !== undefined) {
      this.#counters.naks += 1;
      const code = disconnect ? CODE.DISCONNECT_NAK : CODE.COA_NAK;
      return encodeReply(request, code, [integerAttr(ATTR.ERROR_CAUSE, cause)], secret);
    }
    this.#counters.acks += 1;
    for (const session of sessions) {
      if (disconnect) void session.end(TERMINATE.ADMIN_RESET);
      else session.change(grantOf(request));
    }
    return encodeReply(request, disconnect ? CODE.DISCONNECT_ACK : CODE.COA_ACK, [], secret);
  }

  #refusal(request: RadiusPacket): number | undefined {
    const { coaNak } = this.#core.faults.settings;
    if (coaNak !== undefined) return coaNak;
    const identity = this.#core.state.settings('/system/identity')['name'];
    const identifier = request.text(ATTR.NAS_IDENTIFIER);
    if (identifier !== undefined && identifier !== identity) return NAS_MISMATCH;
    const address = request.ipv4(ATTR.NAS_IP_ADDRESS);
    const sources = this.#core.state.table('/radius').rows.map((row) => row.props['src-address']);
    if (address !== undefined && address !== this.#reserved.address && !sources.includes(address)) return NAS_MISMATCH;
    const named = [ATTR.ACCT_SESSION_ID, ATTR.USER_NAME, ATTR.FRAMED_IP_ADDRESS, ATTR.CALLING_STATION_ID];
    return named.some((type) => request.has(type)) ? undefined : MISSING_ATTRIBUTE;
  }

  /** Every identifier given must fit (RFC 5176 3). */
  #matching(request: RadiusPacket): ClientSession[] {
    const fits = (wanted: string | undefined, actual: string): boolean =>
      wanted === undefined || wanted === actual.toLowerCase();
    const sessionId = request.text(ATTR.ACCT_SESSION_ID)?.toLowerCase();
    const username = request.text(ATTR.USER_NAME)?.toLowerCase();
    const address = request.ipv4(ATTR.FRAMED_IP_ADDRESS);
    const mac = request.text(ATTR.CALLING_STATION_ID)?.toLowerCase();
    return this.#candidates(sessionId).filter(
      ({ identity }) => fits(username, identity.username) && fits(address, identity.address) && fits(mac, identity.mac),
    );
  }

  /** A thousand requests at once must not look at a thousand sessions each. */
  #candidates(sessionId: string | undefined): ClientSession[] {
    const { sessions } = this.#core;
    if (sessionId === undefined) return [...sessions.values()];
    const session = sessions.get(sessionId);
    return session === undefined ? [] : [session];
  }
}
