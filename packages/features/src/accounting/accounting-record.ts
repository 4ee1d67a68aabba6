import { z } from 'zod';

/** `other`: a status type we have no use for (tunnels, links); acknowledged and kept, but it touches no session. */
export const accountingKinds = ['start', 'interim', 'stop', 'on', 'off', 'other'] as const;
export type AccountingKind = (typeof accountingKinds)[number];

const digits = z.string().regex(/^\d{1,20}$/);

/**
 * One Accounting-Request as it is kept: what the stream and `accounting_record.body` hold. Texts have no NUL, as
 * PostgreSQL takes none.
 */
export const accountingRecord = z.object({
  v: z.literal(1),
  /** SHA-256 of router and packet without what changes in a retransmission; base64url. */
  dedupKey: z.string().min(1).max(100),
  routerId: z.uuid(),
  kind: z.enum(accountingKinds),
  /** When we received it, ms since 1970. */
  receivedAt: z.number().int(),
  /** When it happened, ms since 1970: see `eventTime`. */
  eventAt: z.number().int(),
  /** Identity of the session: from our Class token, else a hash of what the NAS calls it. */
  sessionKey: z.string().min(1).max(100),
  /** From our Class token. */
  entitlementId: z.uuid().nullable(),
  acctSessionId: z.string(),
  username: z.string(),
  framedIpAddress: z.string().nullable(),
  /** One spelling per device, see `deviceName`. */
  callingStationId: z.string().nullable(),
  calledStationId: z.string().nullable(),
  nasPortId: z.string().nullable(),
  /** Acct-Session-Time, seconds. */
  sessionSeconds: z.number().int(),
  /** 64-bit, decimal digits. */
  inputOctets: digits,
  outputOctets: digits,
  terminateCause: z.number().int().nullable(),
});
export type AccountingRecord = z.infer<typeof accountingRecord>;
