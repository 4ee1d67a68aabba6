import type { VerifyFailure } from './authenticators.js';
import type { NasProfile } from './nas-profile.js';
import type { ParseFailure } from './packet.js';

/** Why a datagram got no reply; a closed set, fit for a metric label. */
export type DropReason =
  | 'unknown-nas'
  | 'throttled'
  | 'wrong-code'
  | 'overloaded'
  | 'status-withheld'
  | 'no-answer'
  | 'secret-suspect'
  | ParseFailure
  | VerifyFailure;

/** What a verified packet showed of its NAS. */
export interface VerifiedFacts {
  /** Which of the NAS's secrets fitted; 0 where the packet proves none. */
  readonly secretIndex: number;
  /** It held a valid Message-Authenticator. */
  readonly signed: boolean;
  readonly code: number;
}

/** Told of everything that happens; labels are closed sets. What it throws is swallowed. */
export interface RadiusObserver {
  received(): void;
  /** `nasId` is undefined only for an unknown NAS. */
  dropped(reason: DropReason, sourceAddress: string, nasId: string | undefined): void;
  /** Every packet whose authenticators are right, copies and Status-Server included. */
  verified(nas: NasProfile, facts: VerifiedFacts): void;
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
  return {
    received: quietly(() => observer.received()),
    dropped: quietly((reason, address, nasId) => observer.dropped(reason, address, nasId)),
    verified: quietly((nas, facts) => observer.verified(nas, facts)),
    replied: quietly((code, seconds) => observer.replied(code, seconds)),
    duplicate: quietly((kind) => observer.duplicate(kind)),
    handlerError: quietly((error) => observer.handlerError(error)),
    socketError: quietly((error) => observer.socketError(error)),
  };
}

function quietly<Facts extends readonly unknown[]>(tell: (...facts: Facts) => void): (...facts: Facts) => void {
  return (...facts) => {
    try {
      tell(...facts);
    } catch {
      return;
    }
  };
}
