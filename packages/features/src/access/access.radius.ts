import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Tx } from '@turnpike/db/database.js';
import { ATTR, type Attribute } from '@turnpike/radius/attributes.js';
import type { RadiusAnswer, RadiusRequest } from '@turnpike/radius/udp-server.js';
import { decideAccess, type AccessDecision, type RejectReason } from './access-decision.js';
import { acceptAnswer, rejectAnswer, type ReplyPolicy } from './access-reply.js';
import type { Breaker } from './breaker.js';
import type { ClassTokens } from './class-token.js';
import { checkCredentials } from './credentials.js';
import { deviceName, type DeviceLeases, type LeaseAnswer } from './device-lease.js';
import { requestedService } from './requested-service.js';
import type { SubjectDirectory } from './subject-directory.js';
import type { SubjectSnapshot } from './subject-snapshot.js';
import { countOtherDevices } from './subject.store.js';

export type AccessOutcome = 'accept' | RejectReason;

export interface AccessHandlerOptions {
  readonly subjects: SubjectDirectory;
  readonly leases: DeviceLeases;
  readonly breaker: Breaker;
  readonly db: Tx;
  readonly classTokens: ClassTokens;
  readonly secretBox: SecretBox;
  readonly policy: ReplyPolicy;
  readonly clock: Clock;
  readonly routerOf: (request: RadiusRequest) => string | undefined;
  readonly onOutcome: (outcome: AccessOutcome) => void;
}

/** A purchase of a moment ago may have lifted these: the snapshot follows the database by some milliseconds. */
const MAY_HAVE_CHANGED: ReadonlySet<RejectReason> = new Set([
  'suspended',
  'no_entitlement',
  'wrong_service',
  'exhausted',
  'expired',
  'not_started',
]);

/**
 * Answers Access-Requests. Costs one read and one script of Redis; PostgreSQL stands in where Redis cannot tell, and is
 * asked before somebody known is refused.
 * Rejects, and so sends no reply, when neither can: an error of ours never becomes an Access-Reject.
 */
export function createAccessHandler(options: AccessHandlerOptions) {
  const { subjects, secretBox, policy, clock, routerOf, onOutcome } = options;

  const passwordOf = ({ customerId, password }: SubjectSnapshot): string =>
    secretBox.open(password, { table: 'customer', row: customerId, column: 'password' });

  function refuse(reason: RejectReason): RadiusAnswer {
    onOutcome(reason);
    return rejectAnswer(reason, policy);
  }

  return async (request: RadiusRequest): Promise<RadiusAnswer | undefined> => {
    const routerId = routerOf(request);
    if (routerId === undefined) return undefined;
    const username = request.packet.get(ATTR.USER_NAME);
    if (username === undefined || username.length === 0) return refuse('unknown_user');
    let proof: readonly Attribute[] = [];
    const decide = (subject: SubjectSnapshot | undefined): AccessDecision =>
      decideAccess({
        subject,
        checkCredentials: (known) => {
          const { verdict, attributes } = checkCredentials(request, passwordOf(known));
          proof = attributes;
          return verdict;
        },
        service: requestedService(request.packet),
        now: clock.now(),
      });
    const decision = await lookTwice(username, decide, decide(await subjects.find(username)));
    if (decision.kind === 'reject') return refuse(decision.reason);
    return admit(request, routerId, decision, proof);
  };

  /** Whoever has just paid must not be told that he has nothing. */
  async function lookTwice(
    username: Buffer,
    decide: (subject: SubjectSnapshot | undefined) => AccessDecision,
    first: AccessDecision,
  ): Promise<AccessDecision> {
    if (first.kind === 'accept' || !MAY_HAVE_CHANGED.has(first.reason)) return first;
    const newest = await subjects.readAgain(username).catch(() => undefined);
    return newest === undefined ? first : decide(newest);
  }

  async function admit(
    request: RadiusRequest,
    routerId: string,
    { entitlement, secondsLeft }: Extract<AccessDecision, { kind: 'accept' }>,
    proof: readonly Attribute[],
  ): Promise<RadiusAnswer> {
    const { token, sessionKey } = options.classTokens.issue(routerId, entitlement.id);
    const device = deviceName(request.packet.text(ATTR.CALLING_STATION_ID)) ?? sessionKey;
    const claim = { entitlementId: entitlement.id, device, sessionKey, limit: entitlement.devices };
    const lease = await takeLease(claim);
    if (!lease.granted) return refuse('too_many_devices');
    const known = BigInt(entitlement.usedOctets);
    const usedOctets = lease.usedOctets > known ? lease.usedOctets : known;
    if (entitlement.quotaOctets !== null && usedOctets >= BigInt(entitlement.quotaOctets)) {
      options.leases.release(claim).catch(() => undefined);
      return refuse('exhausted');
    }
    onOutcome('accept');
    return acceptAnswer({ entitlement, secondsLeft, usedOctets, classToken: token, proof, policy });
  }

  async function takeLease(claim: Parameters<DeviceLeases['take']>[0]): Promise<LeaseAnswer> {
    try {
      return await options.breaker.run(() => options.leases.take(claim));
    } catch {
      const others = await countOtherDevices(options.db, claim.entitlementId, claim.device);
      return { granted: others < claim.limit, usedOctets: 0n };
    }
  }
}
