import { z } from 'zod';

const faults = z.object({
  /** Connections are cut without an answer, and nothing happens. */
  down: z.boolean(),
  /** Every answer takes so much longer, ms. */
  slowMs: z.number().int().min(0).max(600_000),
  /** Requests that are answered 500 and do nothing. */
  failShare: z.number().min(0).max(1),
  /** Pushes that reach the phone although the connection is cut before the answer. */
  cutShare: z.number().min(0).max(1),
  /** Access tokens are refused from the moment they are given out. */
  tokensExpireAtOnce: z.boolean(),
});
export type ApiFaults = z.output<typeof faults>;

/** What is named changes, the rest stays. `expireTokens` ends those given out until now, once. */
export const faultChange = faults
  .partial()
  .extend({ clear: z.boolean().optional(), expireTokens: z.boolean().optional() })
  .strict();

export const NO_FAULTS: ApiFaults = { down: false, slowMs: 0, failShare: 0, cutShare: 0, tokensExpireAtOnce: false };
