import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Signer } from './one-shot.js';
import { isGenuine } from './reply-check.js';
import { Slot } from './slot.js';

/** Where requests of a lane come from, and where their answers go. */
export interface Feeder {
  /** Puts the next request into the slot (buffer, offset, length, number); false: there is none left. */
  load(slot: Slot): boolean;
  answered(slot: Slot, reply: Buffer, tookMs: number): void;
  /** No answer after the last transmission. */
  lost(slot: Slot): void;
}

/** Requests that share a feeder and a pace. */
export interface Lane {
  readonly feeder: Feeder;
  /** Requests in flight at once. */
  readonly slots: number;
  /** How many requests may have been sent `elapsedMs` after the start; Infinity: as many as the slots allow. */
  readonly allowance: (elapsedMs: number) => number;
}

export interface GeneratorOptions {
  readonly host: string;
  readonly port: number;
  /** Source address of every packet. */
  readonly nasAddress: string;
  readonly signer: Signer;
  readonly lanes: readonly Lane[];
  /** No new request after this long. */
  readonly durationMs: number;
  /** The same bytes again after this long, `tries` transmissions in all. Default 3 s, 3. */
  readonly retry?: { readonly afterMs: number; readonly tries: number };
  /** Ends the run early. */
  readonly signal?: AbortSignal;
  /** Identifiers of a socket that a slot may use in turn: 4 for closed loops (64 slots a socket), else 1. */
  readonly identifiersPerSlot?: 1 | 4;
}

export interface LaneTotals {
  sent: number;
  answered: number;
  retransmitted: number;
  lost: number;
}

export interface GeneratorResult {
  readonly lanes: readonly LaneTotals[];
  /** From the first packet to the end of sending, or to the last answer where that came earlier. */
  readonly seconds: number;
  /** Answers within those seconds, a second. */
  readonly answersPerSecond: number;
  /** Packets that answer nothing in flight, or are not genuine. */
  readonly strays: number;
  /** Longest time without any answer while some request was in flight, ms. */
  readonly longestSilenceMs: number;
}

const RETRY = { afterMs: 3_000, tries: 3 };
const TICK_MS = 2;
const SWEEP_MS = 50;
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
const IDENTIFIERS = 256;

/** Sends what the lanes say from `nasAddress` and resolves when the last request is answered or lost. */
export async function runGenerator(options: GeneratorOptions): Promise<GeneratorResult> {
  const perSlot = options.identifiersPerSlot ?? 1;
  const slots = placeSlots(options.lanes, perSlot);
  const sockets = await openSockets(options, Math.max(...slots.map((slot) => slot.socket)) + 1);
  try {
    return await new Run(options, slots, sockets).finished();
  } finally {
    await Promise.all(sockets.map(closeSocket));
  }
}

function placeSlots(lanes: readonly Lane[], perSlot: number): Slot[] {
  const perSocket = IDENTIFIERS / perSlot;
  const slots: Slot[] = [];
  lanes.forEach((lane, number) => {
    for (let index = 0; index < lane.slots; index += 1) {
      const place = slots.length % perSocket;
      const identifiers = Array.from({ length: perSlot }, (_, turn) => place + turn * perSocket);
      slots.push(new Slot({ lane: number, index, socket: Math.floor(slots.length / perSocket), identifiers }));
    }
  });
  return slots;
}

/** Connected sockets: dgram looks the address up for every packet of one that is not, which costs as much as sending. */
async function openSockets({ host, port, nasAddress }: GeneratorOptions, count: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = createSocket({ type: 'udp4' });
      socket.bind({ address: nasAddress, port: 0, exclusive: true });
      await once(socket, 'listening');
      socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
      socket.connect(port, host);
      await once(socket, 'connect');
      return socket;
    }),
  );
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

/** Slots of a lane that have no request, longest idle first: an identifier rests before it is used again. */
class FreeSlots {
  readonly #ring: (Slot | undefined)[];
  #head = 0;
  #count = 0;

  constructor(slots: readonly Slot[]) {
    this.#ring = [...slots];
    this.#count = slots.length;
  }

  get count(): number {
    return this.#count;
  }

  take(): Slot | undefined {
    if (this.#count === 0) return undefined;
    const slot = this.#ring[this.#head];
    this.#head = (this.#head + 1) % this.#ring.length;
    this.#count -= 1;
    return slot;
  }

  put(slot: Slot): void {
    this.#ring[(this.#head + this.#count) % this.#ring.length] = slot;
    this.#count += 1;
  }
}

class Run {
  readonly #options: GeneratorOptions;
  readonly #slots: readonly Slot[];
  readonly #sockets: readonly Socket[];
  readonly #bySocketAndIdentifier: (Slot | undefined)[];
  readonly #free: FreeSlots[];
  readonly #totals: LaneTotals[];
  readonly #exhausted: boolean[];
  readonly #retry: { readonly afterMs: number; readonly tries: number };
  readonly #startMs = performance.now();
  #endMs: number;
  #inFlight = 0;
  #answered = 0;
  #answeredInTime = 0;
  #lastAnswerMs = this.#startMs;
  #longestSilenceMs = 0;
  #strays = 0;
  #finish: (() => void) | undefined;

  constructor(options: GeneratorOptions, slots: readonly Slot[], sockets: readonly Socket[]) {
    this.#options = options;
    this.#slots = slots;
    this.#sockets = sockets;
    this.#retry = options.retry ?? RETRY;
    this.#endMs = this.#startMs + options.durationMs;
    this.#bySocketAndIdentifier = Array.from({ length: sockets.length * IDENTIFIERS });
    for (const slot of slots) {
      for (const id of slot.identifiers) this.#bySocketAndIdentifier[slot.socket * IDENTIFIERS + id] = slot;
    }
    this.#free = options.lanes.map((_, lane) => new FreeSlots(slots.filter((slot) => slot.lane === lane)));
    this.#totals = options.lanes.map(() => ({ sent: 0, answered: 0, retransmitted: 0, lost: 0 }));
    this.#exhausted = options.lanes.map(() => false);
    sockets.forEach((socket, number) => {
      socket.on('message', (reply) => this.#onMessage(number, reply));
      // While nobody listens on the port the kernel says so; the packet counts as unanswered.
      socket.on('error', () => undefined);
    });
  }

  async finished(): Promise<GeneratorResult> {
    const { signal } = this.#options;
    const stop = (): void => {
      this.#endMs = Math.min(this.#endMs, performance.now());
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    try {
      await new Promise<void>((resolve) => {
        this.#finish = resolve;
        this.#tick();
      });
    } finally {
      clearInterval(tick);
      clearInterval(sweep);
      signal?.removeEventListener('abort', stop);
    }
    return this.#result();
  }

  #result(): GeneratorResult {
    const seconds = Math.max(1e-3, (Math.min(this.#endMs, this.#lastAnswerMs) - this.#startMs) / 1000);
    return {
      lanes: this.#totals,
      seconds,
      answersPerSecond: this.#answeredInTime / seconds,
      strays: this.#strays,
      longestSilenceMs: this.#longestSilenceMs,
    };
  }

  #tick(): void {
    const nowMs = performance.now();
    for (let lane = 0; lane < this.#free.length; lane += 1) this.#fill(lane, nowMs);
    const over = nowMs >= this.#endMs || this.#exhausted.every(Boolean);
    if (over && this.#inFlight === 0) this.#finish?.();
  }

  /** Sends from a lane as much as its pace and its slots allow now. */
  #fill(lane: number, nowMs: number): void {
    const totals = this.#totals[lane];
    const free = this.#free[lane];
    const given = this.#options.lanes[lane];
    if (totals === undefined || free === undefined || given === undefined || this.#exhausted[lane] === true) return;
    if (nowMs >= this.#endMs) return;
    const allowed = given.allowance(nowMs - this.#startMs);
    while (free.count > 0 && totals.sent < allowed) {
      const slot = free.take();
      if (slot === undefined) return;
      slot.identifier = slot.identifiers[slot.rounds % slot.identifiers.length] ?? 0;
      if (!given.feeder.load(slot)) {
        free.put(slot);
        this.#exhausted[lane] = true;
        return;
      }
      slot.rounds += 1;
      slot.busy = true;
      slot.transmissions = 1;
      slot.firstSentMs = nowMs;
      slot.lastSentMs = nowMs;
      totals.sent += 1;
      if (this.#inFlight === 0) this.#lastAnswerMs = nowMs;
      this.#inFlight += 1;
      this.#send(slot);
    }
  }

  #send(slot: Slot): void {
    this.#sockets[slot.socket]?.send(slot.buffer, slot.offset, slot.length);
  }

  #onMessage(socket: number, reply: Buffer): void {
    const slot = this.#bySocketAndIdentifier[socket * IDENTIFIERS + (reply[1] ?? 0)];
    if (slot === undefined || !slot.busy || reply[1] !== slot.identifier) {
      this.#strays += 1;
      return;
    }
    if (!isGenuine(reply, slot.buffer, slot.offset, this.#options.signer)) {
      this.#strays += 1;
      return;
    }
    const nowMs = performance.now();
    const totals = this.#totals[slot.lane];
    if (totals !== undefined) totals.answered += 1;
    this.#answered += 1;
    if (nowMs <= this.#endMs) this.#answeredInTime = this.#answered;
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, nowMs - this.#lastAnswerMs);
    this.#lastAnswerMs = nowMs;
    this.#options.lanes[slot.lane]?.feeder.answered(slot, reply, nowMs - slot.firstSentMs);
    this.#release(slot);
    this.#fill(slot.lane, nowMs);
  }

  #release(slot: Slot): void {
    slot.busy = false;
    this.#inFlight -= 1;
    this.#free[slot.lane]?.put(slot);
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const slot of this.#slots) {
      if (!slot.busy || nowMs - slot.lastSentMs < this.#retry.afterMs) continue;
      const totals = this.#totals[slot.lane];
      if (slot.transmissions >= this.#retry.tries) {
        if (totals !== undefined) totals.lost += 1;
        this.#options.lanes[slot.lane]?.feeder.lost(slot);
        this.#release(slot);
        continue;
      }
      slot.transmissions += 1;
      slot.lastSentMs = nowMs;
      if (totals !== undefined) totals.retransmitted += 1;
      this.#send(slot);
    }
  }
}
