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
import type { RejectReason } from './access-decision.js';
import type { SnapshotEntitlement } from './subject-snapshot.js';

export interface AcceptInput {
  readonly entitlement: SnapshotEntitlement;
  /** At least 1. */
  readonly secondsLeft: number;
  /** Newest known usage. */
  readonly usedOctets: bigint;
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
export function acceptAnswer(input: AcceptInput): RadiusAnswer {
  const { entitlement, secondsLeft, usedOctets, classToken, policy } = input;
  const attributes: Attribute[] = [
    sessionTimeoutAttr(secondsLeft),
    integerAttr(ATTR.IDLE_TIMEOUT, policy.idleSeconds),
    integerAttr(ATTR.ACCT_INTERIM_INTERVAL, policy.interimSeconds),
    vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, rateLimit(entitlement)),
    // RouterOS lets a user in once only, by the user profile's shared-users, unless the reply says how often.
    integerAttr(ATTR.PORT_LIMIT, entitlement.devices),
    bytesAttr(ATTR.CLASS, classToken),
    ...input.proof,
  ];
  if (entitlement.quotaOctets !== null) {
    attributes.push(...mikrotikTotalLimitAttrs(BigInt(entitlement.quotaOctets) - usedOctets));
  }
  return { code: CODE.ACCESS_ACCEPT, attributes };
}

/** `rx/tx` as the router sees it: it receives what the customer sends, so upload comes first. */
export function rateLimit({ upKbps, downKbps }: Pick<SnapshotEntitlement, 'upKbps' | 'downKbps'>): string {
  return `${upKbps}k/${downKbps}k`;
}

const WRONG_LOGIN = 'The username or password is wrong. Please check them and try again.';

/** What the customer reads on the login page. */
export const REPLY_MESSAGES: Readonly<Record<RejectReason, string>> = {
  // The same words for both: a stranger must not learn which names exist.
  unknown_user: WRONG_LOGIN,
  wrong_password: WRONG_LOGIN,
  unsupported_method: 'This way of logging in is not supported. Please use PAP, CHAP or MS-CHAPv2.',
  suspended: 'Your access is suspended. Please contact support.',
  no_entitlement: 'You have no active package. Please buy one to go online.',
  wrong_service: 'Your package is not valid for this kind of connection.',
  exhausted: 'The data of your package is used up. Please buy more to go online.',
  expired: 'Your package has expired. Please buy a new one to go online.',
  not_started: 'Your package has not started yet. Please try again later.',
  too_many_devices: 'Your package is already used on as many devices as it allows. Log out on another device first.',
};

const REJECTIONS = new Map(
  Object.entries(REPLY_MESSAGES).map(([reason, text]) => [reason, [textAttr(ATTR.REPLY_MESSAGE, text)]]),
);

export function rejectAnswer(reason: RejectReason, policy: ReplyPolicy): RadiusAnswer {
  return { code: CODE.ACCESS_REJECT, attributes: REJECTIONS.get(reason) ?? [], delayMs: policy.rejectDelayMs };
}
