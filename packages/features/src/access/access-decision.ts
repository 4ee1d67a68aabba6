import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

/** Why somebody is not let in; a closed set, fit for a metric label. */
export const REJECT_REASONS = [
  'unknown_user',
  'unsupported_method',
  'wrong_password',
  'suspended',
  'no_entitlement',
  'wrong_service',
  'exhausted',
  'expired',
  'not_started',
  'too_many_devices',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export type CredentialCheck = 'ok' | 'wrong_password' | 'unsupported_method';

export type AccessDecision =
  | { readonly kind: 'accept'; readonly entitlement: SnapshotEntitlement; readonly secondsLeft: number }
  | { readonly kind: 'reject'; readonly reason: RejectReason };

export interface AccessQuestion {
  readonly subject: SubjectSnapshot | undefined;
  /** Asked once, and only when there is a subject. */
  readonly checkCredentials: (subject: SubjectSnapshot) => CredentialCheck;
  /** What the NAS asks for; undefined when its packet does not tell. */
  readonly service: 'hotspot' | 'pppoe' | undefined;
  readonly now: Date;
}

/** The checks in order: the reason given is the first that applies, and nothing is revealed before the password is right. */
export function decideAccess({ subject, checkCredentials, service, now }: AccessQuestion): AccessDecision {
  if (subject === undefined) return reject('unknown_user');
  const credentials = checkCredentials(subject);
  if (credentials !== 'ok') return reject(credentials);
  if (subject.status === 'suspended') return reject('suspended');
  return chooseEntitlement(subject.entitlements, service, now);
}

/** The usable entitlement that ends first, so that nothing bought lapses unused; else why there is none. */
function chooseEntitlement(
  entitlements: readonly SnapshotEntitlement[],
  service: AccessQuestion['service'],
  now: Date,
): AccessDecision {
  let chosen: SnapshotEntitlement | undefined;
  let best: RejectReason = 'no_entitlement';
  for (const entitlement of entitlements) {
    const obstacle = obstacleTo(entitlement, service, now);
    if (obstacle !== undefined) {
      if (WORTH_TELLING[obstacle] > WORTH_TELLING[best]) best = obstacle;
    } else if (chosen === undefined || entitlement.endsAt < chosen.endsAt) chosen = entitlement;
  }
  if (chosen === undefined) return reject(best);
  return { kind: 'accept', entitlement: chosen, secondsLeft: secondsLeft(chosen, now) };
}

type Obstacle = 'no_entitlement' | 'wrong_service' | 'exhausted' | 'expired' | 'not_started' | 'suspended';

/** Of several obstacles the customer hears the one most likely to help. */
const WORTH_TELLING: Readonly<Record<RejectReason, number>> = {
  unknown_user: 0,
  unsupported_method: 0,
  wrong_password: 0,
  too_many_devices: 0,
  no_entitlement: 0,
  expired: 1,
  exhausted: 2,
  not_started: 3,
  suspended: 4,
  wrong_service: 5,
};

function obstacleTo(
  entitlement: SnapshotEntitlement,
  service: AccessQuestion['service'],
  now: Date,
): Obstacle | undefined {
  const { state } = entitlement;
  if (state === 'refunded') return 'no_entitlement';
  if (state === 'suspended') return 'suspended';
  // Less than a second left would be a Session-Timeout of 0, which RouterOS reads as no limit.
  if (state === 'expired' || secondsLeft(entitlement, now) < 1) return 'expired';
  if (state === 'exhausted' || hasNoDataLeft(entitlement)) return 'exhausted';
  if (entitlement.startsAt > now.getTime()) return 'not_started';
  return service !== undefined && service !== entitlement.type ? 'wrong_service' : undefined;
}

function secondsLeft(entitlement: SnapshotEntitlement, now: Date): number {
  return Math.floor((entitlement.endsAt - now.getTime()) / 1000);
}

function hasNoDataLeft({ quotaOctets, usedOctets }: SnapshotEntitlement): boolean {
  return quotaOctets !== null && BigInt(usedOctets) >= BigInt(quotaOctets);
}

function reject(reason: RejectReason): AccessDecision {
  return { kind: 'reject', reason };
}
