import { randomUUID } from 'node:crypto';
import type { Cache } from '@turnpike/runtime/cache.js';

/** The cache with entries of its own: what a test before has left in it is not found, however slowly it is removed. */
export function ownEntries(cache: Cache): Cache {
  const prefix = randomUUID();
  return { ...cache, getOrSet: (key, options, load) => cache.getOrSet(`${prefix}:${key}`, options, load) };
}
