import { z } from 'zod';
import { invalidField, transactionError } from './daraja-error.js';

export interface ShortcodeCredentials {
  readonly shortcode: string;
  readonly passkey: string;
}

const digits = (pattern: RegExp) => z.coerce.string().regex(pattern);
const phone = digits(/^254[17]\d{8}$/);
/** `yyyymmddHHMMSS`. */
const timestamp = digits(/^20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d){2}$/);

/** Body of `/mpesa/stkpush/v1/processrequest`, in the order in which the API complains. */
const pushBody = z.object({
  BusinessShortCode: digits(/^\d{5,7}$/),
  Password: z.string().min(1),
  Timestamp: timestamp,
  TransactionType: z.enum(['CustomerPayBillOnline', 'CustomerBuyGoodsOnline']),
  /** Whole shillings; an M-Pesa transaction moves at most 250,000. */
  Amount: z.coerce.number().int().min(1).max(250_000),
  PartyA: phone,
  PartyB: digits(/^\d{5,7}$/),
  PhoneNumber: phone,
  CallBackURL: z.url({ protocol: /^https?$/ }),
  AccountReference: z.string().min(1).max(12),
  TransactionDesc: z.string().min(1).max(13),
});
export type PushRequest = z.output<typeof pushBody>;

const queryBody = z.object({
  BusinessShortCode: digits(/^\d{5,7}$/),
  Password: z.string().min(1),
  Timestamp: timestamp,
  CheckoutRequestID: z.string().regex(/^ws_CO_\d+$/),
});

/** Base64 of shortcode, passkey and timestamp. */
function checkPassword(
  body: { BusinessShortCode: string; Password: string; Timestamp: string },
  { shortcode, passkey }: ShortcodeCredentials,
): void {
  if (body.BusinessShortCode !== shortcode) throw transactionError('Merchant does not exist');
  const right = Buffer.from(`${shortcode}${passkey}${body.Timestamp}`).toString('base64');
  if (body.Password !== right) throw transactionError('Wrong credentials');
}

function parse<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidField(String(parsed.error.issues[0]?.path[0] ?? 'Request Payload'));
}

/** Errors: DarajaError 400.002.02 names the first bad field, 500.001.1001 a wrong password. */
export function parsePush(body: unknown, credentials: ShortcodeCredentials): PushRequest {
  const push = parse(pushBody, body);
  checkPassword(push, credentials);
  return push;
}

/** The CheckoutRequestID that is asked about; errors as `parsePush`. */
export function parseQuery(body: unknown, credentials: ShortcodeCredentials): string {
  const query = parse(queryBody, body);
  checkPassword(query, credentials);
  return query.CheckoutRequestID;
}
