import { AppError } from '@turnpike/core/app-error.js';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import type { RadiusRequest } from '@turnpike/radius/udp-server.js';
import {
  decideAccess,
  type AcceptDecision,
  type AccessDecision,
  type AccessPlace,
  type CredentialCheck,
  type Usage,
} from './access-decision.js';
import type { ClassTokens } from './class-token.js';
import { writeNote } from './decision-note.js';
import type { KnownCustomer, LeaseAnswer, PlaceClaim } from './device-lease.js';
import type { Login } from './login.js';
import { createPlaceTaker, type PlaceTakerOptions } from './place-taker.js';
import type { Finding, SubjectDirectory, SubjectName } from './subject-directory.js';
import type { SubjectSnapshot } from './subject-snapshot.js';

/** One request and where it came from. */
export interface AccessCase {
  readonly request: RadiusRequest;
  readonly routerId: string;
  readonly device: string | undefined;
  readonly place: AccessPlace;
}

/** What became of one reading of a request. */
export type Verdict =
  | { readonly kind: 'accept'; readonly decision: AcceptDecision; readonly classToken: Buffer }
  | { readonly kind: 'reject'; readonly reason: RejectReason; readonly customerId: string | undefined };

export type VoucherRedemption =
  | { readonly kind: 'redeemed'; readonly customerId: string }
  | { readonly kind: 'unknown' | 'revoked' | 'expired' | 'used' };

/** Where a voucher is typed in. */
export interface VoucherOrigin {
  readonly nas: string;
  readonly device: string | undefined;
}

export interface LoginSettlerOptions extends PlaceTakerOptions {
  readonly subjects: SubjectDirectory;
  readonly classTokens: ClassTokens;
  /** Makes the customer of a voucher, once; the same again for a code that was redeemed. */
  readonly redeemVoucher: ((code: string, origin: VoucherOrigin) => Promise<VoucherRedemption>) | undefined;
  /** False for a device that tried too many codes that do not exist; may take a while when its router sees many such. */
  readonly admitVoucher?: ((origin: VoucherOrigin) => Promise<boolean>) | undefined;
}

/** A purchase of a moment ago may have lifted these: the snapshots follow the database by some milliseconds. */
const MAY_HAVE_CHANGED: ReadonlySet<RejectReason> = new Set([
  'suspended',
  'device_blocked',
  'device_not_allowed',
  'no_entitlement',
  'mac_login_off',
  'wrong_service',
  'wrong_site',
  'outside_schedule',
  'exhausted',
  'expired',
  'not_started',
]);

const REDEMPTION_REASONS = {
  unknown: 'unknown_user',
  revoked: 'voucher_revoked',
  expired: 'voucher_expired',
  used: 'voucher_used',
} as const satisfies Record<string, RejectReason>;

/** Looks at a customer who changes while being decided on; beyond these the NAS is left to ask again. */
const MOST_LOOKS = 6;
/** Of these, how many at Redis. */
const LOOKS_AT_REDIS = 2;
/** Redemptions are transactions: more at once are left to ask again, so that guesses cannot pile up. */
const MOST_REDEMPTIONS = 200;

type UsageByEntitlement = Map<string, Usage>;

const GRANTED = (): CredentialCheck => 'ok';

/**
 * Decides on one reading of a request and takes the place of its device. Somebody known to this process costs one command
 * of Redis, which in one step makes sure that nothing has changed and takes the place. Nobody is refused on what this
 * process remembers, and nobody known on what Redis says alone while PostgreSQL answers.
 * Rejects when no store can tell.
 */
export function createLoginSettler(options: LoginSettlerOptions) {
  const { subjects, classTokens, clock } = options;
  const places = createPlaceTaker(options);
  let redeeming = 0;

  return async (asked: AccessCase, login: Login): Promise<Verdict> => {
    let name = login.name;
    const origin = { nas: asked.routerId, device: asked.device };
    const recalled = subjects.recall(name);
    // Before anything is read for it: guesses are to cost nothing of PostgreSQL.
    if (recalled === undefined && login.code !== undefined && (await options.admitVoucher?.(origin)) === false) {
      return { kind: 'reject', reason: 'too_many_guesses', customerId: undefined };
    }
    let finding = recalled ?? (await subjects.find(name));
    if (finding.snapshot === undefined && login.code !== undefined) {
      const redeemed = await redeem(login.code, origin);
      if (typeof redeemed === 'string') return { kind: 'reject', reason: redeemed, customerId: undefined };
      name = redeemed;
      finding = await subjects.readAgain(name);
    }
    const usage: UsageByEntitlement = new Map();
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const decision = decide(asked, login, finding.snapshot, usage);
      if (decision.kind === 'reject') {
        const newer = await lookCloser(name, finding, decision.reason);
        if (newer === undefined) return refused(decision.reason, finding);
        finding = newer;
        continue;
      }
      const { token, sessionKey } = tokenOf(asked, decision);
      const place = placeOf(asked, login, decision, finding, sessionKey);
      const answer = await places.take(place);
      if (answer.outcome === 'full') return refused('too_many_devices', finding);
      if (answer.outcome === 'changed') {
        const fromRedis = finding.source !== 'postgres' && look < LOOKS_AT_REDIS;
        finding = fromRedis ? await subjects.find(name) : await subjects.readAgain(name);
        continue;
      }
      const final = withUsage(asked, login, finding, decision, answer, usage);
      if (final !== undefined) {
        const classToken = final.fairUseStep === decision.fairUseStep ? token : tokenOf(asked, final).token;
        return { kind: 'accept', decision: final, classToken };
      }
      places.giveBack(place);
    }
    throw new AppError('unavailable', 'a customer changed again and again while being decided on');
  };

  function decide(
    { place }: AccessCase,
    { method, check }: Pick<Login, 'method' | 'check'>,
    subject: SubjectSnapshot | undefined,
    usage: UsageByEntitlement,
  ): AccessDecision {
    const byDevice = method === 'mac';
    return decideAccess({ subject, checkCredentials: check, place, byDevice, usage, now: clock.now() });
  }

  /** The lease may know newer usage than the snapshot. Undefined when that rules out the entitlement: decide again. */
  function withUsage(
    asked: AccessCase,
    { method }: Login,
    { snapshot }: Finding,
    decision: AcceptDecision,
    { usedOctets, usedSeconds }: LeaseAnswer,
    usage: UsageByEntitlement,
  ): AcceptDecision | undefined {
    if (usedOctets <= decision.usage.usedOctets && usedSeconds <= decision.usage.usedSeconds) return decision;
    usage.set(decision.entitlement.id, { usedOctets, usedSeconds });
    const again = decide(asked, { method, check: GRANTED }, snapshot, usage);
    return again.kind === 'accept' && again.entitlement.id === decision.entitlement.id ? again : undefined;
  }

  /** The next store's word on somebody about to be refused; undefined when the refusal stands. */
  async function lookCloser(
    name: SubjectName,
    { source }: Finding,
    reason: RejectReason,
  ): Promise<Finding | undefined> {
    if (source === 'memory') return subjects.find(name);
    if (source === 'postgres' || !MAY_HAVE_CHANGED.has(reason)) return undefined;
    return subjects.readAgain(name).catch(() => undefined);
  }

  async function redeem(code: string, origin: VoucherOrigin): Promise<SubjectName | RejectReason> {
    if (options.redeemVoucher === undefined) return 'unknown_user';
    if (redeeming >= MOST_REDEMPTIONS) throw new AppError('unavailable', 'too many vouchers are being redeemed');
    redeeming += 1;
    try {
      const redemption = await options.redeemVoucher(code, origin);
      if (redemption.kind !== 'redeemed') return REDEMPTION_REASONS[redemption.kind];
      return { kind: 'customer', id: redemption.customerId };
    } finally {
      redeeming -= 1;
    }
  }

  function placeOf(
    { request, routerId, device }: AccessCase,
    { method }: Login,
    { entitlement }: AcceptDecision,
    finding: Finding,
    sessionKey: string,
  ): PlaceClaim {
    const at = request.receivedAt.getTime();
    return {
      entitlementId: entitlement.id,
      device: device ?? sessionKey,
      sessionKey,
      limit: entitlement.devices,
      customer: customerOf(finding),
      note: writeNote({ at, routerId, method, outcome: 'accept', device: device ?? '' }),
    };
  }

  /** The same request always gets the same session key, whatever entitlement and step the token then names. */
  function tokenOf({ request, routerId }: AccessCase, { entitlement, fairUseStep }: AcceptDecision) {
    return classTokens.issue(routerId, entitlement.id, { fairUseStep, nonce: classTokens.nonceOf(request) });
  }
}

function refused(reason: RejectReason, { snapshot }: Finding): Verdict {
  return { kind: 'reject', reason, customerId: snapshot?.customerId };
}

/** Without a customer no decision lets in; the empty id is nobody's. */
function customerOf({ snapshot, source }: Finding): KnownCustomer {
  return { id: snapshot?.customerId ?? '', revision: snapshot?.revision ?? 0, mayBeAhead: source === 'postgres' };
}
