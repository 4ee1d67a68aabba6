import { isIPv4 } from 'node:net';
import { parseMacAddress } from '@turnpike/core/mac-address.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import type { VoucherCodes } from '../vouchers/voucher-code.js';

/** What a text may mean; what is written like one of the first four is not part of a name. */
export interface SearchTerms {
  readonly text: string;
  /** E.164 digits. */
  readonly msisdn: string | undefined;
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string | undefined;
  readonly ip: string | undefined;
  /** Hashes of a voucher code under every key; empty: it is none. */
  readonly voucherHashes: readonly string[];
  /** Upper case, as receipts and serial numbers are written. */
  readonly code: string | undefined;
  /** Part of a name; undefined: it can only mean something whole. */
  readonly part: string | undefined;
}

/** Receipts of M-Pesa are ten letters and digits, others' and serial numbers about as long. */
const CODE = /^[A-Z0-9]{6,20}$/;

export function searchTerms(text: string, codes: Pick<VoucherCodes, 'parse' | 'hashes'>): SearchTerms {
  const [voucher, msisdn, mac] = [codes.parse(text), parseMsisdn(text), parseMacAddress(text)];
  const ip = isIPv4(text) ? text : undefined;
  const whole = voucher !== undefined || msisdn !== undefined || mac !== undefined || ip !== undefined;
  return {
    text,
    msisdn,
    mac,
    ip,
    voucherHashes: voucher === undefined ? [] : codes.hashes(voucher),
    code: CODE.test(text.toUpperCase()) ? text.toUpperCase() : undefined,
    part: whole ? undefined : text,
  };
}
