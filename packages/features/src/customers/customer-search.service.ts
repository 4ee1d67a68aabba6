import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import { cursorId } from '@turnpike/core/page.js';
import type { Db } from '@turnpike/db/database.js';
import { isIPv4 } from 'node:net';
import type { VoucherCodes } from '../vouchers/voucher-code.js';
import { searchCustomerRows, type FoundCustomer, type SearchTerms } from './customer-search.store.js';
import { listCustomerRows } from './customer.store.js';

export interface CustomerSearch {
  /** All customers, or those whom `q` may mean with what matched; one more than `limit` when there are more. */
  find(query: { limit: number; cursor?: string | undefined; q?: string | undefined }): Promise<FoundCustomer[]>;
}

export interface CustomerSearchDeps {
  readonly db: Db;
  readonly codes: Pick<VoucherCodes, 'parse' | 'hashes'>;
}

const FEWEST_DIGITS = 4;
const COUNTRY = '254';
/** What a receipt of M-Pesa looks like: ten letters and digits; other providers' are of about that length. */
const RECEIPT = /^[A-Z0-9]{8,20}$/;

export function createCustomerSearch({ db, codes }: CustomerSearchDeps): CustomerSearch {
  return {
    find: async ({ limit, cursor, q }) => {
      const after = cursorId(cursor);
      const text = q?.trim() ?? '';
      if (text === '') return (await listCustomerRows(db, { after, limit })).map((row) => ({ row, matched: [] }));
      return searchCustomerRows(db, termsOf(text, codes), { after, limit });
    },
  };
}

function termsOf(text: string, codes: CustomerSearchDeps['codes']): SearchTerms {
  const [code, msisdn, mac] = [codes.parse(text), parseMsisdn(text), parseMacAddress(text)];
  const ip = isIPv4(text) ? text : undefined;
  const receipt = RECEIPT.test(text.toUpperCase()) ? text.toUpperCase() : undefined;
  const usernames = [text, ...(msisdn === undefined ? [] : [msisdn])];
  const whole = { usernames, msisdn, mac, ip, receipt, voucherHashes: code === undefined ? [] : codes.hashes(code) };
  // What is written like one of these is not part of anything.
  if (code !== undefined || msisdn !== undefined || mac !== undefined || ip !== undefined) return whole;
  const email = text.includes('@') ? text.toLowerCase() : undefined;
  return { ...whole, part: text, email, digits: partOfNumber(text) };
}

/** `0722-4`, `+254 722 4` and `7224` are parts of the same numbers: a leading 0 stands for the country. */
function partOfNumber(text: string): string | undefined {
  if (!/^\+?[\d\s()-]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  return digits.length >= FEWEST_DIGITS ? digits.replace(/^0(?=[17])/, COUNTRY) : undefined;
}
