import { AccountingPlan } from './accounting-plan.js';

const customers = { username: 'user%d', password: 'pass%d', count: 12 };

function planOf(wraps = 0): AccountingPlan {
  return new AccountingPlan({ run: 'run1', customers, active: 12, steps: 5, wraps });
}

test('sends no packet twice, and those of a session in order', () => {
  const plan = planOf();
  const packets = Array.from({ length: 12 * 23 }, (_, turn) => plan.numberOfTurn(turn));
  expect(new Set(packets).size).toBe(packets.length);
  const last = new Map<number, number>();
  for (const packet of packets) {
    const session = plan.sessionOf(packet);
    expect(packet).toBeGreaterThan(last.get(session) ?? -1);
    last.set(session, packet);
  }
  expect(Math.max(...last.keys())).toBeLessThan(plan.sessionsOf(packets.length));
});

test('a customer has one session at a time: the next begins after the Stop', () => {
  const plan = planOf();
  const open = new Map<number, number>();
  for (let turn = 0; turn < 12 * 40; turn += 1) {
    const packet = plan.numberOfTurn(turn);
    const { kind, customer } = plan.factsOf(packet);
    const session = plan.sessionOf(packet);
    expect([undefined, session]).toContain(open.get(customer));
    if (kind === 'stop') open.delete(customer);
    else open.set(customer, session);
  }
});

test('a record leads back to its packet', () => {
  const plan = planOf();
  for (const packet of [0, 4, 77, 1_234_567]) {
    const { acctSessionId, sessionSeconds } = plan.factsOf(packet);
    const session = plan.parseSessionId(acctSessionId);
    expect(session).toBe(plan.sessionOf(packet));
    expect(plan.packetAt(session ?? -1, sessionSeconds)).toBe(packet);
  }
  expect(plan.parseSessionId('other-1')).toBeUndefined();
  expect(plan.parseSessionId('run1-')).toBeUndefined();
  expect(plan.packetAt(0, 61)).toBeUndefined();
  expect(plan.packetAt(0, 300)).toBeUndefined();
});

test('counters only grow, and pass 2^32 as often as asked', () => {
  const plan = planOf(3);
  let before = -1n;
  for (let step = 0; step < 5; step += 1) {
    const { outputOctets } = plan.factsOf(7 * 5 + step);
    expect(outputOctets).toBeGreaterThan(before);
    before = outputOctets;
  }
  expect(before >> 32n).toBe(3n);
});
