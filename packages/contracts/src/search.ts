import { z } from 'zod';
import { NOT_STORABLE, isStorable } from './common.js';
import { endpoint } from './endpoint.js';

export const searchKinds = ['router', 'customer', 'session', 'payment', 'voucher', 'package'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** What of the thing the text was found in. */
export const searchMatches = [
  'name',
  'username',
  'msisdn',
  'email',
  'mac',
  'ip',
  'receipt',
  'reference',
  'voucher',
  'serial',
] as const;
export type SearchMatch = (typeof searchMatches)[number];

export const searchItem = z.object({
  kind: z.enum(searchKinds),
  id: z.string(),
  /** What it is called, for people; phone numbers as the caller may see them. */
  title: z.string(),
  /** What tells it from others of the same name. */
  subtitle: z.string(),
  matched: z.enum(searchMatches),
});
export type SearchItem = z.infer<typeof searchItem>;

export const search = endpoint({
  method: 'get',
  path: '/search',
  tag: 'search',
  summary:
    'What a text may mean: a name, a phone number, a MAC or IP address (in any notation), a receipt, a voucher code. ' +
    'At most 20, only of kinds that the caller may read',
  allow: 'signed-in',
  scope: 'site',
  query: z.strictObject({
    q: z.string().trim().min(2, 'must have at least 2 characters').max(100).refine(isStorable, NOT_STORABLE),
  }),
  response: z.object({ items: z.array(searchItem).max(20) }),
});
