import fc from 'fast-check';
import { ATTR, CODE, type Attribute } from '@turnpike/radius/attributes.js';
import { decideAccess, type AccessDecision } from './access-decision.js';
import { acceptAnswer } from './access-reply.js';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

const NOW = new Date('2026-06-01T12:00:00.000Z');

function entitlement(more: Partial<SnapshotEntitlement> = {}): SnapshotEntitlement {
  return {
    id: '0190c6d5-7a1e-7000-8000-0000000000aa',
    type: 'hotspot',
    state: 'active',
    startsAt: NOW.getTime() - 1000,
    endsAt: NOW.getTime() + 3_600_000,
    downKbps: 2_000,
    upKbps: 500,
    quotaOctets: null,
    usedOctets: '0',
    devices: 1,
    ...more,
  };
}

function decide(
  entitlements: SnapshotEntitlement[],
  more: Partial<Parameters<typeof decideAccess>[0]> = {},
): AccessDecision {
  const subject: SubjectSnapshot = {
    customerId: 'c',
    revision: 1,
    status: 'active',
    password: 'sealed',
    entitlements,
  };
  return decideAccess({ subject, checkCredentials: () => 'ok', service: undefined, now: NOW, ...more });
}

describe('the access decision', () => {
  test('of several usable entitlements the one that ends first is used', () => {
    const soon = entitlement({ id: 'soon', endsAt: NOW.getTime() + 60_000 });
    const decision = decide([entitlement(), soon]);
    expect(decision).toMatchObject({ kind: 'accept', entitlement: { id: 'soon' }, secondsLeft: 60 });
  });

  test('one usable entitlement is enough, whatever state the others are in', () => {
    const others = (['expired', 'exhausted', 'suspended', 'refunded'] as const).map((state) => entitlement({ state }));
    expect(decide([...others, entitlement()]).kind).toBe('accept');
  });

  test('an entitlement still marked pending counts from the moment it starts', () => {
    expect(decide([entitlement({ state: 'pending' })]).kind).toBe('accept');
    expect(decide([entitlement({ state: 'pending', startsAt: NOW.getTime() + 1 })])).toEqual({
      kind: 'reject',
      reason: 'not_started',
    });
  });

  test('a service that the NAS does not name admits both types', () => {
    expect(decide([entitlement({ type: 'pppoe' })]).kind).toBe('accept');
    expect(decide([entitlement({ type: 'pppoe' })], { service: 'hotspot' })).toEqual({
      kind: 'reject',
      reason: 'wrong_service',
    });
  });

  test('of several obstacles the one that helps the customer most is told', () => {
    expect(decide([entitlement({ state: 'expired' }), entitlement({ state: 'exhausted' })])).toEqual({
      kind: 'reject',
      reason: 'exhausted',
    });
  });

  test('nothing is told before the password is right', () => {
    const wrong = { checkCredentials: () => 'wrong_password' as const };
    expect(decide([entitlement({ state: 'expired' })], wrong)).toEqual({ kind: 'reject', reason: 'wrong_password' });
  });

  test('A12: whatever the times and counters are, an Accept has a Session-Timeout of at least 1 and a limit of at least 1', () => {
    const anyEntitlement = fc.record({
      id: fc.constant('0190c6d5-7a1e-7000-8000-0000000000aa'),
      type: fc.constantFrom('hotspot' as const, 'pppoe' as const),
      state: fc.constantFrom('pending' as const, 'active' as const, 'expired' as const, 'exhausted' as const),
      startsAt: fc.integer({ min: NOW.getTime() - 5_000, max: NOW.getTime() + 5_000 }),
      endsAt: fc.integer({ min: NOW.getTime() - 5_000, max: NOW.getTime() + 5_000 }),
      downKbps: fc.integer({ min: 1, max: 10_000_000 }),
      upKbps: fc.integer({ min: 1, max: 10_000_000 }),
      quotaOctets: fc.option(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), { nil: null }),
      usedOctets: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
      devices: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(anyEntitlement, { maxLength: 5 }), (entitlements) => {
        const decision = decide(entitlements);
        if (decision.kind === 'reject') return;
        const usedOctets = BigInt(decision.entitlement.usedOctets);
        const policy = { interimSeconds: 60, idleSeconds: 600, rejectDelayMs: 0 };
        const answer = acceptAnswer({ ...decision, usedOctets, classToken: Buffer.from('c'), proof: [], policy });
        expect(answer.code).toBe(CODE.ACCESS_ACCEPT);
        expect(valueOf(answer.attributes, ATTR.SESSION_TIMEOUT)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });
});

function valueOf(attributes: readonly Attribute[], type: number): number {
  return (
    attributes.find((attribute) => attribute.type === type && attribute.vendor === undefined)?.value.readUInt32BE() ?? 0
  );
}
