import type { Redis } from '@turnpike/runtime/redis.js';

export function outboxChannel(prefix: string): string {
  return `${prefix}outbox`;
}

/**
 * A function to call after a commit that added to the outbox: tells every relay, wherever it runs, to look now.
 * Never throws; a poke that is lost costs half a second.
 */
export function outboxWake(publisher: Redis, prefix: string): () => void {
  return () => {
    publisher.publish(outboxChannel(prefix), '1').catch(() => undefined);
  };
}
