import type { VerifyFailure } from './authenticators.js';
import type { ParseFailure } from './packet.js';

/** Why a datagram got no reply. */
export type DropReason =
  'unknown-nas' | 'wrong-code' | 'overloaded' | 'status-withheld' | 'no-answer' | ParseFailure | VerifyFailure;

/** Told of everything that happens; labels are closed sets. What it throws is swallowed. */
export interface RadiusObserver {
  received(): void;
  /** `nasId` is undefined only for an unknown NAS. */
  dropped(reason: DropReason, sourceAddress: string, nasId: string | undefined): void;
  /** `seconds` from arrival until the reply was handed to the socket, deliberate delays included. */
  replied(code: number, seconds: number): void;
  duplicate(kind: 'in-work' | 'answered'): void;
  /** The handler or the encoding of its answer failed; the NAS got no reply and will ask again. */
  handlerError(error: unknown): void;
  /** The socket reported an error, or a reply could not be sent. */
  socketError(error: unknown): void;
}

/** The observer with its exceptions swallowed: a broken metric must not cost a reply. */
export function guarded(observer: RadiusObserver): RadiusObserver {
  const quietly = (tell: () => void): void => {
    try {
      tell();
    } catch {
      return;
    }
  };
  return {
    received: () => quietly(() => observer.received()),
    dropped: (reason, address, nasId) => quietly(() => observer.dropped(reason, address, nasId)),
    replied: (code, seconds) => quietly(() => observer.replied(code, seconds)),
    duplicate: (kind) => quietly(() => observer.duplicate(kind)),
    handlerError: (error) => quietly(() => observer.handlerError(error)),
    socketError: (error) => quietly(() => observer.socketError(error)),
  };
}
