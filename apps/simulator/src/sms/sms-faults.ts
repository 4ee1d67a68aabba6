import { z } from 'zod';

const faults = z.object({
  /** Connections are cut without an answer. */
  down: z.boolean(),
  /** Every request is answered 500. */
  fail: z.boolean(),
  /** Every answer takes so much longer, ms. */
  slowMs: z.number().int().min(0).max(600_000),
  /** Every recipient is refused with this statusCode, for example 405 (`InsufficientBalance`) or 406 (`UserInBlacklist`). */
  refuse: z.number().int().min(400).max(599).nullable(),
  refuseAs: z.string(),
});
export type SmsFaults = z.output<typeof faults>;

/** What is named changes, the rest stays. */
export const smsFaultChange = faults.partial().extend({ clear: z.boolean().optional() }).strict();

export const NO_SMS_FAULTS: SmsFaults = {
  down: false,
  fail: false,
  slowMs: 0,
  refuse: null,
  refuseAs: 'InsufficientBalance',
};
