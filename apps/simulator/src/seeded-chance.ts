import { createHash } from 'node:crypto';

/** 0 <= x < 1, the same for the same seed and name, whatever was asked for before. */
export function seededChance(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}/${name}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
