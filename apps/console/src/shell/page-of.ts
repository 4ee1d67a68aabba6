import { assertNever } from '@turnpike/core/assert-never.js';

type Kind = 'router' | 'customer' | 'session' | 'payment' | 'voucher' | 'package';

/** Where something is shown. */
export function pageOf({ kind, id }: { readonly kind: Kind; readonly id: string }): string {
  switch (kind) {
    case 'router':
      return `/routers/${id}`;
    case 'customer':
      return `/customers/${id}`;
    case 'session':
      return `/sessions/${id}`;
    case 'payment':
      return `/payments/${id}`;
    case 'voucher':
      return `/vouchers/codes/${id}`;
    case 'package':
      return `/packages/${id}`;
    default:
      return assertNever(kind);
  }
}
