import type { SecretPlace } from '@turnpike/core/secret-box.js';
import { z } from 'zod';

/** What a worker is asked to try out. */
export const checkOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mpesa'), url: z.string(), consumerKey: z.string(), consumerSecret: z.string() }),
  z.object({ kind: z.literal('mail'), to: z.string() }),
  /** E.164 digits. */
  z.object({ kind: z.literal('sms'), to: z.string() }),
]);
export type CheckOrder = z.output<typeof checkOrder>;

/** Where an order is sealed for: it opens for its own job alone. */
export function checkPlace(checkId: string): SecretPlace {
  return { table: 'settings_check', row: checkId, column: 'order' };
}
