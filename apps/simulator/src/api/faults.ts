/** How a connection is cut: orderly, with a reset, or with `!fatal` first. */
export type CutKind = 'fin' | 'rst' | 'fatal';

export interface FaultSettings {
  /** `bytes`: every byte a segment of its own. `before-final-zero`: the end of each sentence comes later. */
  readonly segmentation: 'none' | 'bytes' | 'before-final-zero';
  /** Wait before each answer, ms. */
  readonly delayMs: number;
  /** Cut at the n-th sentence from now on (1 is the next); `after`: it was carried out, only the answer is lost. */
  readonly dropAt: { readonly sentence: number; readonly how: CutKind; readonly when: 'before' | 'after' } | undefined;
  /** Commands such as `/ip/pool/add` that get no answer at all. */
  readonly neverAnswer: readonly string[];
  /** Commands that are refused, and in what words. */
  readonly traps: readonly { readonly command: string; readonly message: string; readonly category?: number }[];
  /** New connections are accepted and closed at once. */
  readonly acceptThenClose: boolean;
  /** New connections are accepted and never spoken to. */
  readonly silentAccept: boolean;
  /** `.tag` as the last word of a reply, as in old versions. */
  readonly tagLast: boolean;
  /** RADIUS requests of the router go nowhere. */
  readonly radiusSilent: boolean;
  /** The router does not answer Disconnect-Request and CoA-Request. */
  readonly coaSilent: boolean;
  /** Share of those requests, and of the answers to them, that is lost: 0 to 1. */
  readonly coaLoss: number;
  /** Refuses each of those requests with this Error-Cause (RFC 5176 3.5), for example 506. */
  readonly coaNak: number | undefined;
}

const NONE: FaultSettings = {
  segmentation: 'none',
  delayMs: 0,
  dropAt: undefined,
  neverAnswer: [],
  traps: [],
  acceptThenClose: false,
  silentAccept: false,
  tagLast: false,
  radiusSilent: false,
  coaSilent: false,
  coaLoss: 0,
  coaNak: undefined,
};

/** The switches of one router; they may be thrown while it runs. */
export class Faults {
  #settings: FaultSettings = NONE;
  #sentencesLeft: number | undefined;

  get settings(): FaultSettings {
    return this.#settings;
  }

  set(changes: Partial<FaultSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    if ('dropAt' in changes) this.#sentencesLeft = changes.dropAt?.sentence;
  }

  clear(): void {
    this.#settings = NONE;
    this.#sentencesLeft = undefined;
  }

  /** Called once for each sentence received; gives the cut that is due now. Happens once. */
  nextCut(): FaultSettings['dropAt'] {
    if (this.#sentencesLeft === undefined) return undefined;
    this.#sentencesLeft -= 1;
    if (this.#sentencesLeft > 0) return undefined;
    const cut = this.#settings.dropAt;
    this.set({ dropAt: undefined });
    return cut;
  }
}
