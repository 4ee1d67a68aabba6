import type { TokenBucket } from './token-bucket.js';

/** What the server must know of a NAS before it reads one byte of its packet. */
export interface NasProfile {
  readonly id: string;
  /** Secrets valid now; two while one is rotated. The same Buffers again and again: keys are derived once for each. */
  readonly secrets: readonly Buffer[];
  readonly messageAuthenticator: 'required' | 'optional';
  /** Takes a token for every datagram, good or bad; without one the rate is not limited. */
  readonly bucket?: TokenBucket;
}
