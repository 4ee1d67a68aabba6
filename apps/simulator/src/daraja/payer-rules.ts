import { z } from 'zod';
import { FAILURES } from './result-codes.js';

const share = z.number().min(0).max(1);
const milliseconds = z.number().int().min(0).max(86_400_000);
const copies = z.number().int().min(1).max(100);

/** How a phone answers a push and how the news of it travels. Shares are drawn for each push from the seed. */
const rule = z.object({
  /** `silent`: never answers; the transaction stays in process and there is no callback. */
  outcome: z.enum(['paid', 'silent', ...FAILURES]),
  /** From the push until the phone answers, ms. */
  delayMs: milliseconds,
  /** How often the callback is sent: a number, or a range that is drawn from. */
  callbacks: z.union([copies, z.tuple([copies, copies])]),
  /** Each callback waits up to so long more, ms: they arrive out of order. */
  shuffleMs: milliseconds,
  /** Pushes whose callbacks never arrive. */
  lostShare: share,
  /** Pushes whose callbacks arrive `lateMs` after the answer. */
  lateShare: share,
  lateMs: milliseconds,
  /** A callback that says 1037 goes out before the one that says paid. */
  failsFirst: z.boolean(),
  /** Amount in the callback, shillings, when it is not the one asked for. */
  wrongAmount: z.number().int().positive().nullable(),
  /** Phone in the callback when it is not the one asked. */
  wrongPhone: z
    .string()
    .regex(/^\d{12}$/)
    .nullable(),
  /** The query says that a paid push was cancelled. */
  queryLies: z.boolean(),
});

export type PayerRule = z.output<typeof rule>;

/** What is named changes, the rest stays; `clear` first goes back to how it was at the start. */
export const ruleChange = rule.partial().extend({ clear: z.boolean().optional() }).strict();
export type RuleChange = z.output<typeof ruleChange>;

/** Everybody pays, two seconds after being asked. */
const AT_START: PayerRule = {
  outcome: 'paid',
  delayMs: 2_000,
  callbacks: 1,
  shuffleMs: 0,
  lostShare: 0,
  lateShare: 0,
  lateMs: 35_000,
  failsFirst: false,
  wrongAmount: null,
  wrongPhone: null,
  queryLies: false,
};

export interface PayerRules {
  /** The general rule with what was said of this phone on top. */
  of(msisdn: string): PayerRule;
  general(): PayerRule;
  phones(): Record<string, Partial<PayerRule>>;
  change(change: RuleChange): void;
  changePhone(msisdn: string, change: RuleChange): void;
  reset(): void;
}

function given(change: Omit<RuleChange, 'clear'>): Partial<PayerRule> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

export function createPayerRules(): PayerRules {
  let general = AT_START;
  const phones = new Map<string, Partial<PayerRule>>();
  return {
    of: (msisdn) => ({ ...general, ...phones.get(msisdn) }),
    general: () => general,
    phones: () => Object.fromEntries(phones),
    change: ({ clear = false, ...change }) => {
      general = { ...(clear ? AT_START : general), ...given(change) };
    },
    changePhone: (msisdn, { clear = false, ...change }) => {
      const next = { ...(clear ? {} : phones.get(msisdn)), ...given(change) };
      if (Object.keys(next).length === 0) phones.delete(msisdn);
      else phones.set(msisdn, next);
    },
    reset: () => {
      general = AT_START;
      phones.clear();
    },
  };
}
