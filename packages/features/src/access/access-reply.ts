import { rateAt, type BurstRate } from '@turnpike/core/fair-use.js';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import { ATTR, CODE, MIKROTIK, VENDOR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusAnswer } from '@turnpike/radius/udp-server.js';
import {
  bytesAttr,
  integerAttr,
  mikrotikTotalLimitAttrs,
  sessionTimeoutAttr,
  textAttr,
  vendorTextAttr,
} from '@turnpike/radius/value-codec.js';
import type { AcceptDecision } from './access-decision.js';

export interface AcceptInput {
  readonly decision: Omit<AcceptDecision, 'kind'>;
  readonly classToken: Buffer;
  /** What the login method wants in the Accept. */
  readonly proof: readonly Attribute[];
  readonly policy: ReplyPolicy;
}

export interface ReplyPolicy {
  /** Seconds between interim updates that the NAS is asked for; at least 60 by RFC 2869 5.16. */
  readonly interimSeconds: number;
  /** Seconds without traffic after which the NAS ends a session. */
  readonly idleSeconds: number;
  /** Wait before an Access-Reject, ms. */
  readonly rejectDelayMs: number;
}

/** Access-Accept with everything the entitlement promises. */
export function acceptAnswer({ decision, classToken, proof, policy }: AcceptInput): RadiusAnswer {
  const { entitlement, secondsLeft, usage, fairUseStep } = decision;
  const attributes: Attribute[] = [
    sessionTimeoutAttr(secondsLeft),
    integerAttr(ATTR.IDLE_TIMEOUT, policy.idleSeconds),
    integerAttr(ATTR.ACCT_INTERIM_INTERVAL, policy.interimSeconds),
    vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, rateLimit(rateAt(entitlement, fairUseStep))),
    // RouterOS lets a user in once only, by the user profile's shared-users, unless the reply says how often.
    integerAttr(ATTR.PORT_LIMIT, entitlement.devices),
    bytesAttr(ATTR.CLASS, classToken),
    ...proof,
  ];
  if (entitlement.quotaOctets !== null) {
    attributes.push(...mikrotikTotalLimitAttrs(BigInt(entitlement.quotaOctets) - usage.usedOctets));
  }
  return { code: CODE.ACCESS_ACCEPT, attributes };
}

/**
 * `rx/tx` as the router sees it: it receives what the customer sends, so upload comes first. With a burst
 * `rx/tx rx-burst/tx-burst rx-threshold/tx-threshold rx-time/tx-time` (manual, RADIUS: Mikrotik-Rate-Limit; times in seconds).
 */
export function rateLimit({ upKbps, downKbps, burst }: BurstRate): string {
  const plain = `${upKbps}k/${downKbps}k`;
  if (burst === undefined) return plain;
  const { thresholdUpKbps, thresholdDownKbps, seconds } = burst;
  return `${plain} ${burst.upKbps}k/${burst.downKbps}k ${thresholdUpKbps}k/${thresholdDownKbps}k ${seconds}/${seconds}`;
}

const WRONG_LOGIN = 'The username or password is wrong. Please check them and try again.';

/** What the customer reads on the login page. */
export const REPLY_MESSAGES: Readonly<Record<RejectReason, string>> = {
  // The same words for both: a stranger must not learn which names exist.
  unknown_user: WRONG_LOGIN,
  wrong_password: WRONG_LOGIN,
  unsupported_method: 'This way of logging in is not supported. Please use PAP, CHAP or MS-CHAPv2.',
  eap_unsupported: 'EAP logins (WPA-Enterprise, 802.1X) are not supported. Please use PAP, CHAP or MS-CHAPv2.',
  suspended: 'Your access is suspended. Please contact support.',
  device_blocked: 'This device is blocked. Please contact support, or use another device.',
  device_not_allowed: 'Only the devices on your list may go online, and this one is not on it. Please contact support.',
  no_entitlement: 'You have no active package. Please buy one to go online.',
  mac_login_off: 'Your package does not log devices in by themselves. Please enter your username and password.',
  wrong_service: 'Your package is not valid for this kind of connection.',
  wrong_site: 'Your package is not valid at this place. Please use it where you bought it, or buy one for here.',
  outside_schedule: 'Your package is not valid at this hour. Please try again in its hours.',
  exhausted: 'Your package is used up. Please buy a new one to go online.',
  expired: 'Your package has expired. Please buy a new one to go online.',
  not_started: 'Your package has not started yet. Please try again later.',
  too_many_devices: 'Your package is already used on as many devices as it allows. Log out on another device first.',
  voucher_revoked: 'This voucher is no longer valid. Please ask where you bought it.',
  voucher_expired: 'This voucher has expired. Please buy a new one.',
  voucher_used: 'This voucher was used already. Please log in with your username and password, or buy a new one.',
  too_many_guesses: 'Too many wrong voucher codes. Please wait 15 minutes and check the code, or contact support.',
};

const REJECTIONS = new Map(
  Object.entries(REPLY_MESSAGES).map(([reason, text]) => [reason, [textAttr(ATTR.REPLY_MESSAGE, text)]]),
);

export function rejectAnswer(reason: RejectReason, policy: ReplyPolicy): RadiusAnswer {
  return { code: CODE.ACCESS_REJECT, attributes: REJECTIONS.get(reason) ?? [], delayMs: policy.rejectDelayMs };
}
