import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { ACCT_STATUS, ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { encodeReply, encodeRequest, verifyReply } from '@turnpike/radius/encode.js';
import { parsePacket, type RadiusPacket } from '@turnpike/radius/packet.js';
import { bindUdp } from './nas-address.js';

export interface AccessDecision {
  readonly code: number;
  readonly attributes: readonly Attribute[];
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  [ACCT_STATUS.START]: 'start',
  [ACCT_STATUS.STOP]: 'stop',
  [ACCT_STATUS.INTERIM_UPDATE]: 'interim',
  [ACCT_STATUS.ACCOUNTING_ON]: 'on',
  [ACCT_STATUS.ACCOUNTING_OFF]: 'off',
};

/** A RADIUS server of a few lines for tests of the phones: decides as told and keeps what it hears. */
export class TestRadiusServer {
  readonly secret = Buffer.from('test-secret');
  readonly access: RadiusPacket[] = [];
  readonly accounting: RadiusPacket[] = [];
  /** Accounting is heard but not answered while set. */
  deaf = false;
  decide: (request: RadiusPacket) => AccessDecision | undefined = () => ({ code: CODE.ACCESS_ACCEPT, attributes: [] });
  readonly #socket: Socket;
  #waiting: { readonly test: () => boolean; readonly wake: () => void }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.#onMessage(bytes, from));
  }

  static async start(): Promise<TestRadiusServer> {
    return new TestRadiusServer(await bindUdp('127.0.0.1', 0));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** `start`, `interim`, `stop` in the order they came. */
  get records(): string[] {
    return this.accounting.map((packet) => STATUS_NAMES[packet.integer(ATTR.ACCT_STATUS_TYPE) ?? 0] ?? '?');
  }

  last(status: string): RadiusPacket {
    const found = this.accounting.findLast((_packet, index) => this.records[index] === status);
    if (found === undefined) throw new Error(`no ${status} was heard, only ${this.records.join(', ')}`);
    return found;
  }

  /** Resolves when the records heard satisfy the test. */
  heard(test: (records: readonly string[]) => boolean): Promise<void> {
    if (test(this.records)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ test: () => test(this.records), wake: resolve }));
  }

  /** Sends a Disconnect- or CoA-Request from here and returns the trusted answer. */
  request(host: string, code: number, attributes: readonly Attribute[], secret = this.secret): Promise<RadiusPacket> {
    const sent = encodeRequest({ code, identifier: 7, attributes, secret, messageAuthenticator: true });
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.once('message', (bytes) => {
        socket.close();
        const checked = verifyReply(bytes, { code, identifier: 7, authenticator: sent.authenticator }, secret);
        if (checked.ok) resolve(checked.packet);
        else reject(new Error(checked.reason));
      });
      socket.bind({ address: '127.0.0.1' }, () => socket.send(sent.datagram, 3799, host));
    });
  }

  /** Sends a request nobody waits for the answer of. */
  fire(host: string, code: number, attributes: readonly Attribute[], secret: Buffer): Promise<void> {
    const sent = encodeRequest({ code, identifier: 9, attributes, secret, messageAuthenticator: true });
    return new Promise((resolve) => {
      const socket = createSocket('udp4');
      socket.bind({ address: '127.0.0.1' }, () => {
        socket.send(sent.datagram, 3799, host, () => socket.close(() => resolve()));
      });
    });
  }

  stop(): void {
    this.#socket.close();
  }

  #onMessage(bytes: Buffer, from: RemoteInfo): void {
    const parsed = parsePacket(bytes);
    if (!parsed.ok) return;
    const { packet } = parsed;
    if (packet.code === CODE.ACCESS_REQUEST) {
      this.access.push(packet);
      const decision = this.decide(packet);
      if (decision !== undefined) this.#reply(packet, decision.code, decision.attributes, from);
      return;
    }
    this.accounting.push(packet);
    if (!this.deaf) this.#reply(packet, CODE.ACCOUNTING_RESPONSE, [], from);
    const ready = this.#waiting.filter((one) => one.test());
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const one of ready) one.wake();
  }

  #reply(request: RadiusPacket, code: number, attributes: readonly Attribute[], to: RemoteInfo): void {
    this.#socket.send(encodeReply(request, code, attributes, this.secret), to.port, to.address);
  }
}
