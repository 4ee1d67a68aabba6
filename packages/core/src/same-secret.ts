import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal, in a time that tells nothing of either, not even of their lengths. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** Equal lengths, which is what timingSafeEqual compares. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
