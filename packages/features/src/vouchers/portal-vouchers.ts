import type { VoucherCodes } from './voucher-code.js';
import type { GuessOrigin, VoucherLimits } from './voucher-limits.js';
import type { VoucherRedemption } from './voucher-redemption.js';

export type PortalRedemption =
  /** `code`, in the spelling that is printed, is what logs in at the router as User-Name, without a password or with itself. */
  | { readonly kind: 'redeemed'; readonly customerId: string; readonly username: string; readonly code: string }
  /** `used`: its time was given to somebody else. */
  | { readonly kind: 'unknown' | 'revoked' | 'expired' | 'used' }
  /** Too many wrong codes came from there. */
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

export interface PortalVouchers {
  /**
   * Redeems a code as a phone typed or scanned it, in any spelling; the same again for a code that was redeemed. A phone on
   * the list of a customer adds the time to that account. `signal` ends the wait of those who are slowed down.
   */
  redeem(text: string, origin: GuessOrigin, signal?: AbortSignal): Promise<PortalRedemption>;
}

export interface PortalVouchersDeps {
  readonly codes: VoucherCodes;
  readonly redemption: Pick<VoucherRedemption, 'redeem'>;
  readonly limits: VoucherLimits;
  /** The customer on whose list a device is. */
  readonly accountOf: (mac: string) => Promise<string | undefined>;
  readonly usernameOf: (customerId: string) => Promise<string | undefined>;
}

export function createPortalVouchers(deps: PortalVouchersDeps): PortalVouchers {
  const { codes, redemption, limits } = deps;
  return {
    redeem: async (text, origin, signal) => {
      const code = codes.parse(text);
      // A slip of the pen, which the check character shows: nothing to look for, and no guess.
      if (code === undefined) return { kind: 'unknown' };
      const limited = await limits.admit(origin, signal);
      if (limited !== undefined) return { kind: 'limited', retryAfterSeconds: limited.retryAfterSeconds };
      const { device } = origin;
      const customerId = device === undefined ? undefined : await deps.accountOf(device);
      const answer = await redemption.redeem(code, { customerId, device });
      if (answer.kind === 'unknown') await limits.failed(origin);
      if (answer.kind !== 'redeemed') return answer;
      // Only who has an account is somebody else than the customer that the code became.
      const account = customerId === answer.customerId ? await deps.usernameOf(customerId) : undefined;
      const username = account ?? codes.usernameOf(code);
      return { kind: 'redeemed', customerId: answer.customerId, username, code };
    },
  };
}
