/** What one client moves, from its own side: `up` comes in at its interface and goes out of the uplink. */
export interface Flow {
  /** Bytes since it began. */
  octets(): { readonly up: number; readonly down: number };
  /** Bits a second now. */
  rates(): { readonly up: number; readonly down: number };
}

export interface Moved {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxBps: number;
  readonly txBps: number;
}

/** The interface towards the internet of every simulated router. */
const UPLINK = 'ether1';

const AVERAGE_PACKET_BYTES = 900;

export function packetsIn(bytes: number): number {
  return Math.ceil(bytes / AVERAGE_PACKET_BYTES);
}

/** What went through the interfaces of one router: all that its clients move, by theirs and by the uplink. */
export class TrafficMeter {
  readonly #open = new Map<Flow, string>();
  readonly #past = new Map<string, { up: number; down: number }>();

  /** `on`: the interface through which the client is connected. */
  begin(flow: Flow, on: string): void {
    this.#open.set(flow, on);
  }

  /** What the flow has moved stays counted. */
  end(flow: Flow): void {
    const on = this.#open.get(flow);
    if (on === undefined) return;
    this.#open.delete(flow);
    const { up, down } = flow.octets();
    const past = this.#past.get(on) ?? { up: 0, down: 0 };
    this.#past.set(on, { up: past.up + up, down: past.down + down });
  }

  /** Counters begin again with the interface, as after a restart. */
  restart(): void {
    this.#past.clear();
  }

  of(name: string): Moved {
    const isHere = (on: string): boolean => name === UPLINK || name === on;
    const flows = [...this.#open].filter(([, on]) => isHere(on)).map(([flow]) => flow);
    const bytes = [
      ...[...this.#past].filter(([on]) => isHere(on)).map(([, past]) => past),
      ...flows.map((flow) => flow.octets()),
    ];
    const rates = flows.map((flow) => flow.rates());
    const sum = (parts: readonly { up: number; down: number }[], way: 'up' | 'down'): number =>
      Math.floor(parts.reduce((total, part) => total + part[way], 0));
    const [rx, tx] = name === UPLINK ? (['down', 'up'] as const) : (['up', 'down'] as const);
    return { rxBytes: sum(bytes, rx), txBytes: sum(bytes, tx), rxBps: sum(rates, rx), txBps: sum(rates, tx) };
  }
}
