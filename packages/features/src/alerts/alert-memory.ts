import type { Redis } from '@turnpike/runtime/redis.js';
import { z } from 'zod';

/** What sweeps of several workers tell each other; what is lost is found out again. */
export interface AlertMemory {
  /** Undefined: nothing is kept, or nothing that this version understands. */
  read<Value>(name: MemoryName, shape: z.ZodType<Value>): Promise<Value | undefined>;
  write(name: MemoryName, value: unknown): Promise<void>;
}

export type MemoryName = 'ledger' | 'audit' | 'logins';

const KEPT_SECONDS = 4 * 3_600;

export function createAlertMemory({ redis, prefix }: { redis: Redis; prefix: string }): AlertMemory {
  const keyOf = (name: MemoryName): string => `${prefix}alert-memory:${name}`;
  return {
    read: async (name, shape) => {
      const text = await redis.get(keyOf(name));
      return text === null ? undefined : shape.safeParse(jsonOf(text)).data;
    },
    write: async (name, value) => {
      await redis.set(keyOf(name), JSON.stringify(value), 'EX', KEPT_SECONDS);
    },
  };
}

const ledgerNote = z.object({ differences: z.number() });

/** For the check of the ledger: what it came to. */
export function noteLedger(memory: AlertMemory, differences: number): Promise<void> {
  return memory.write('ledger', { differences });
}

/** Undefined: it was not checked in the last hours. */
export async function ledgerDifferences(memory: AlertMemory): Promise<number | undefined> {
  return (await memory.read('ledger', ledgerNote))?.differences;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
