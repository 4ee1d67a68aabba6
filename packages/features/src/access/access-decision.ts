import { fairUseStepAt } from '@turnpike/core/fair-use.js';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import { isWithinSchedule, secondsUntilClosed } from '@turnpike/core/schedule.js';
import { MOST_SESSION_SECONDS } from '@turnpike/radius/value-codec.js';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

export type CredentialCheck = 'ok' | 'wrong_password' | 'unsupported_method';

/** Newest known usage of an entitlement. */
export interface Usage {
  readonly usedOctets: bigint;
  readonly usedSeconds: number;
}

export interface AcceptDecision {
  readonly kind: 'accept';
  readonly entitlement: SnapshotEntitlement;
  readonly usage: Usage;
  /** For Session-Timeout: until the end, the online time or the schedule's window is over; at least 1. */
  readonly secondsLeft: number;
  /** Of the entitlement's fair use, 0 the full rate. */
  readonly fairUseStep: number;
}

export interface RejectDecision {
  readonly kind: 'reject';
  readonly reason: RejectReason;
}

export type AccessDecision = AcceptDecision | RejectDecision;

/** Where and how somebody asks to be let in. */
export interface AccessPlace {
  /** What the NAS asks for; undefined when its packet does not tell. */
  readonly service: 'hotspot' | 'pppoe' | undefined;
  /** Undefined: anywhere, for the question what would be decided. */
  readonly router: { readonly id: string; readonly site: string | null } | undefined;
  /** As deviceName gives it; undefined when the packet names none. */
  readonly device: string | undefined;
}

export interface AccessQuestion {
  readonly subject: SubjectSnapshot | undefined;
  /** Asked once, and only when there is a subject. */
  readonly checkCredentials: (subject: SubjectSnapshot) => CredentialCheck;
  readonly place: AccessPlace;
  /** A login by the device's address alone. */
  readonly byDevice: boolean;
  /** Usage newer than the snapshot, by entitlement, where it is known. */
  readonly usage?: ReadonlyMap<string, Usage>;
  readonly now: Date;
}

/** The checks in order: the reason given is the first that applies, and nothing is revealed before the password is right. */
export function decideAccess(question: AccessQuestion): AccessDecision {
  const { subject } = question;
  if (subject === undefined) return reject('unknown_user');
  const credentials = question.checkCredentials(subject);
  if (credentials !== 'ok') return reject(credentials);
  if (subject.status === 'suspended') return reject('suspended');
  return decideDevice(subject, question.place.device) ?? chooseEntitlement(subject.entitlements, question);
}

function decideDevice(
  { devices, devicesOnly }: SubjectSnapshot,
  device: string | undefined,
): AccessDecision | undefined {
  if (devices.length === 0 && !devicesOnly) return undefined;
  const listed = devices.find(({ mac }) => mac === device);
  if (listed?.blocked === true) return reject('device_blocked');
  return devicesOnly && listed === undefined ? reject('device_not_allowed') : undefined;
}

/** The usable entitlement that ends first, so that nothing bought lapses unused; else why there is none. */
function chooseEntitlement(entitlements: readonly SnapshotEntitlement[], question: AccessQuestion): AccessDecision {
  let chosen: AcceptDecision | undefined;
  let best: RejectReason = 'no_entitlement';
  for (const entitlement of entitlements) {
    const judged = judge(entitlement, question);
    if (typeof judged === 'string') {
      if (WORTH_TELLING[judged] > WORTH_TELLING[best]) best = judged;
    } else if (chosen === undefined || entitlement.endsAt < chosen.entitlement.endsAt) chosen = judged;
  }
  return chosen ?? reject(best);
}

/** Of several obstacles the customer hears the one most likely to help. */
const WORTH_TELLING: Readonly<Record<RejectReason, number>> = {
  unknown_user: 0,
  unsupported_method: 0,
  eap_unsupported: 0,
  wrong_password: 0,
  device_blocked: 0,
  device_not_allowed: 0,
  too_many_devices: 0,
  voucher_revoked: 0,
  voucher_expired: 0,
  voucher_used: 0,
  too_many_guesses: 0,
  no_entitlement: 0,
  expired: 1,
  exhausted: 2,
  not_started: 3,
  suspended: 4,
  wrong_service: 5,
  mac_login_off: 6,
  wrong_site: 7,
  outside_schedule: 8,
};

/** Whether it can be used at all comes before whether it can be used here: else somebody walks to another site for nothing. */
function judge(entitlement: SnapshotEntitlement, question: AccessQuestion): RejectReason | AcceptDecision {
  const { now, place, byDevice } = question;
  const { service, router } = place;
  // What waits for its first login begins with this one.
  const untilEnd = entitlement.validForSeconds ?? secondsBetween(now, entitlement.endsAt);
  const usage = newestUsage(entitlement, question.usage?.get(entitlement.id));
  const dead = lifeOf(entitlement, untilEnd, usage, now);
  if (dead !== undefined) return dead;
  if (service !== undefined && service !== entitlement.type) return 'wrong_service';
  if (byDevice && !entitlement.macLogin) return 'mac_login_off';
  if (!isValidAt(entitlement, router)) return 'wrong_site';
  const untilClosed = untilScheduleCloses(entitlement, now);
  if (untilClosed < 1) return 'outside_schedule';
  return {
    kind: 'accept',
    entitlement,
    usage,
    secondsLeft: Math.min(untilEnd, onlineSecondsLeft(entitlement, usage), untilClosed, MOST_SESSION_SECONDS),
    fairUseStep: fairUseStepAt(entitlement.fairUse, usage.usedOctets),
  };
}

function lifeOf(entitlement: SnapshotEntitlement, untilEnd: number, usage: Usage, now: Date): RejectReason | undefined {
  const { state } = entitlement;
  if (state === 'refunded') return 'no_entitlement';
  if (state === 'suspended') return 'suspended';
  // Less than a second left would be a Session-Timeout of 0, which RouterOS reads as no limit.
  if (state === 'expired' || untilEnd < 1) return 'expired';
  if (state === 'exhausted' || isUsedUp(entitlement, usage)) return 'exhausted';
  return entitlement.startsAt > now.getTime() ? 'not_started' : undefined;
}

function isUsedUp(entitlement: SnapshotEntitlement, usage: Usage): boolean {
  const { quotaOctets } = entitlement;
  if (quotaOctets !== null && usage.usedOctets >= BigInt(quotaOctets)) return true;
  return onlineSecondsLeft(entitlement, usage) < 1;
}

function onlineSecondsLeft({ onlineSeconds }: SnapshotEntitlement, { usedSeconds }: Usage): number {
  return onlineSeconds === null ? Infinity : onlineSeconds - usedSeconds;
}

function untilScheduleCloses({ schedule, timeZone }: SnapshotEntitlement, now: Date): number {
  if (schedule === null) return Infinity;
  if (!isWithinSchedule(schedule, timeZone, now)) return 0;
  return secondsUntilClosed(schedule, timeZone, now) ?? Infinity;
}

/** Valid where its sites or its routers say; everywhere when it names neither. */
function isValidAt({ sites, routerIds }: SnapshotEntitlement, router: AccessPlace['router']): boolean {
  if (router === undefined || (sites.length === 0 && routerIds.length === 0)) return true;
  return routerIds.includes(router.id) || (router.site !== null && sites.includes(router.site));
}

/** Usage only grows: whoever tells more is right. */
function newestUsage({ usedOctets, usedSeconds }: SnapshotEntitlement, told: Usage | undefined): Usage {
  const known = BigInt(usedOctets);
  if (told === undefined) return { usedOctets: known, usedSeconds };
  return {
    usedOctets: told.usedOctets > known ? told.usedOctets : known,
    usedSeconds: Math.max(told.usedSeconds, usedSeconds),
  };
}

function secondsBetween(now: Date, thenMs: number): number {
  return Math.floor((thenMs - now.getTime()) / 1000);
}

function reject(reason: RejectReason): RejectDecision {
  return { kind: 'reject', reason };
}
