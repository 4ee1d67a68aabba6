import { textOf } from '@turnpike/radius/packet.js';
import type { VoucherCodes } from '../vouchers/voucher-code.js';

/** Gives the name to store for the bytes of a User-Name: a voucher code's is that of the customer the code becomes. */
export function createStoredName(codes: Pick<VoucherCodes, 'parse' | 'usernameOf'>): (userName: Buffer) => string {
  return (userName) => {
    const name = textOf(userName);
    const code = codes.parse(name);
    return code === undefined ? name : codes.usernameOf(code);
  };
}
