import { z } from 'zod';
import { octets } from './common.js';

export const kbps = z.number().int().min(1).max(10_000_000);

/** Also asked about text that was refused already. */
function isCountable(digits: string): boolean {
  return /^\d+$/.test(digits) && BigInt(digits) > 0n && BigInt(digits) < 2n ** 63n;
}

/** A number of bytes above 0 that PostgreSQL can count, as digits or as a number that JSON keeps exactly. */
export const countableOctets = z
  .union([octets, z.number().int().positive().max(Number.MAX_SAFE_INTEGER).transform(String)])
  .refine(isCountable, 'must be between 1 and 2^63 - 1');

/** A weekly window as it is shown. */
export const scheduleWindow = z.object({
  /** 1 Monday to 7 Sunday: the days on which it begins. */
  days: z.array(z.number().int()),
  from: z.string(),
  to: z.string(),
});

/** A slower rate as it is shown: from `afterOctets` on. */
export const fairUseStep = z.object({
  afterOctets: octets,
  downKbps: z.number().int(),
  upKbps: z.number().int(),
});

/** Faster for a while, as it is shown. */
export const burst = z.object({
  downKbps: z.number().int(),
  upKbps: z.number().int(),
  thresholdDownKbps: z.number().int(),
  thresholdUpKbps: z.number().int(),
  seconds: z.number().int(),
});

/**
 * A new burst: up to `downKbps`/`upKbps` as long as the average over `seconds` is below the thresholds. How it fits the
 * package's own rates is checked with them.
 */
export const newBurst = z.strictObject({
  downKbps: kbps,
  upKbps: kbps,
  thresholdDownKbps: kbps,
  thresholdUpKbps: kbps,
  seconds: z.number().int().min(1, 'must be at least 1 second').max(600, 'must be at most 600 seconds'),
});

interface BurstTerms {
  readonly downKbps: number;
  readonly upKbps: number;
  readonly burst: z.infer<typeof burst> | null;
}

/** What is wrong with a burst beside the rates it is a burst of; empty: nothing. */
export function burstIssues({ burst: given, downKbps, upKbps }: BurstTerms): { path: string; message: string }[] {
  if (given === null) return [];
  const directions = [
    { path: 'downKbps', rate: downKbps, fast: given.downKbps, threshold: given.thresholdDownKbps },
    { path: 'upKbps', rate: upKbps, fast: given.upKbps, threshold: given.thresholdUpKbps },
  ];
  return directions.flatMap(({ path, rate, fast, threshold }) => {
    if (fast < rate) return [{ path: `burst.${path}`, message: `must be at least the package's own rate, ${rate}` }];
    const of = `threshold${path.charAt(0).toUpperCase()}${path.slice(1)}`;
    return threshold > fast ? [{ path: `burst.${of}`, message: `must be at most the burst's rate, ${fast}` }] : [];
  });
}

const weekday = z.number().int().min(1, 'must be 1 (Monday) to 7 (Sunday)').max(7, 'must be 1 (Monday) to 7 (Sunday)');

const newWindow = z
  .strictObject({
    days: z
      .array(weekday)
      .min(1, 'must name at least one day, 1 (Monday) to 7 (Sunday)')
      .refine((days) => new Set(days).size === days.length, 'must name each day once'),
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:00'),
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 18:30, at most 24:00'),
  })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'must differ from the beginning; a whole day is 00:00 to 24:00',
  });

/** A window whose end is before its beginning runs over midnight. */
export const scheduleWindows = z
  .array(newWindow)
  .min(1, 'must have at least one window; null is always')
  .max(28, 'must have at most 28 windows');

/** Intl knows offsets and abbreviations too, but only the name of a place follows the clocks there. */
function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Africa/Nairobi, or UTC');

const newStep = z.strictObject({ afterOctets: countableOctets, downKbps: kbps, upKbps: kbps });

export const fairUseSteps = z
  .array(newStep)
  .min(1, 'must have at least one step; null is none')
  .max(10, 'must have at most 10 steps')
  .superRefine((steps, context) => {
    for (const [index, { afterOctets }] of steps.entries()) {
      const before = steps[index - 1];
      if (before === undefined || !isCountable(before.afterOctets) || !isCountable(afterOctets)) continue;
      if (BigInt(before.afterOctets) < BigInt(afterOctets)) continue;
      const message = 'must be more than that of the step before: steps are given by more and more bytes';
      context.addIssue({ code: 'custom', path: [index, 'afterOctets'], message });
    }
  });
