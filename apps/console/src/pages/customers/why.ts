import type { AccessAnswer } from '@turnpike/contracts/access.js';
import type { CustomerView, EntitlementView } from '@turnpike/contracts/customers.js';
import type { CustomerDeviceView } from '@turnpike/contracts/devices.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { parseMacAddress } from '@turnpike/core/mac-address.js';

/** What a press of a button can do about it. */
export type WhyAct =
  | { readonly kind: 'resume_customer' }
  | { readonly kind: 'resume_entitlement'; readonly entitlementId: string }
  | { readonly kind: 'sell' }
  | { readonly kind: 'send_credentials' }
  | { readonly kind: 'unblock'; readonly deviceId: string }
  | { readonly kind: 'add_device'; readonly mac: string }
  | { readonly kind: 'router'; readonly routerId: string }
  | { readonly kind: 'sessions' };

export interface WhyFacts {
  readonly answer: AccessAnswer;
  readonly customer: CustomerView;
  readonly entitlements: readonly EntitlementView[];
  readonly devices: readonly CustomerDeviceView[];
}

/** What helps by itself; undefined: only the customer can do something, or nothing is to be done. */
export function whyAct({ answer, customer, entitlements, devices }: WhyFacts): WhyAct | undefined {
  const [last] = answer.lastDecisions;
  const { verdict } = answer;
  switch (verdict) {
    case 'suspended': {
      if (customer.status === 'suspended') return { kind: 'resume_customer' };
      const suspended = entitlements.find(({ state }) => state === 'suspended');
      return suspended === undefined ? undefined : { kind: 'resume_entitlement', entitlementId: suspended.id };
    }
    case 'no_entitlement':
    case 'exhausted':
    case 'expired':
    case 'wrong_service':
    case 'wrong_site':
    case 'outside_schedule':
    case 'not_started':
    case 'voucher_revoked':
    case 'voucher_expired':
      return { kind: 'sell' };
    case 'wrong_password':
    case 'mac_login_off':
    case 'voucher_used':
      return { kind: 'send_credentials' };
    case 'device_blocked':
      return unblocking(last?.device ?? null, devices);
    case 'device_not_allowed':
      return adding(last?.device ?? null);
    case 'unsupported_method':
      return last?.router ? { kind: 'router', routerId: last.router.id } : undefined;
    case 'too_many_devices':
      return { kind: 'sessions' };
    case 'accept':
    case 'unknown_user':
    case 'eap_unsupported':
    case 'too_many_guesses':
      return undefined;
    default:
      return assertNever(verdict);
  }
}

type Advice = `do_${Exclude<AccessAnswer['verdict'], 'accept'>}` | 'do_accept_again' | 'do_accept_silent';

/** What to do, as a text of `whyWords`; undefined: nothing. */
export function whyAdvice({ verdict, remedy, lastDecisions }: AccessAnswer): Advice | undefined {
  if (verdict !== 'accept') return `do_${verdict}`;
  if (remedy === null) return undefined;
  return lastDecisions.length === 0 ? 'do_accept_silent' : 'do_accept_again';
}

function unblocking(device: string | null, devices: readonly CustomerDeviceView[]): WhyAct | undefined {
  const blocked = devices.filter((known) => known.blocked);
  const mac = device === null ? undefined : parseMacAddress(device);
  const found = blocked.find((known) => known.mac === mac) ?? (blocked.length === 1 ? blocked[0] : undefined);
  return found === undefined ? undefined : { kind: 'unblock', deviceId: found.id };
}

function adding(device: string | null): WhyAct | undefined {
  const mac = device === null ? undefined : parseMacAddress(device);
  return mac === undefined ? undefined : { kind: 'add_device', mac };
}
