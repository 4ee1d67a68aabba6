import type { AccountingRecord } from './accounting-record.js';
import { applyUpdate, combine, NAS_REBOOT, updateOf, type SessionFacts, type SessionUpdate } from './session-merge.js';

const T0 = Date.UTC(2026, 0, 1);

function record(second: number, more: Partial<AccountingRecord>): AccountingRecord {
  return {
    dedupKey: `k${second}`,
    routerId: '0190c6d5-7a1e-7000-8000-000000000001',
    kind: 'interim',
    receivedAt: T0 + second * 1000,
    eventAt: T0 + second * 1000,
    sessionKey: 'c.x',
    entitlementId: null,
    acctSessionId: '8000',
    username: 'amina',
    framedIpAddress: null,
    callingStationId: 'AA:BB:CC:DD:EE:FF',
    calledStationId: null,
    nasPortId: null,
    sessionSeconds: second,
    inputOctets: '0',
    outputOctets: '0',
    terminateCause: null,
    untimed: false,
    namedStart: 0,
    fairUseStep: 0,
    narrow: false,
    ...more,
  };
}

function opened(update: SessionUpdate): SessionFacts {
  return {
    ...update,
    state: 'open',
    stoppedAt: null,
    terminateCause: null,
    sessionSeconds: 0,
    inputOctets: 0n,
    outputOctets: 0n,
  };
}

function rowAfter(records: readonly AccountingRecord[]): Record<string, unknown> {
  const [first] = records;
  if (first === undefined) throw new Error('no records');
  let row = opened(updateOf(first));
  for (const each of records) row = applyUpdate(row, updateOf(each));
  const { state, framedIpAddress, startedAt, lastSeenAt, stoppedAt, terminateCause } = row;
  const { sessionSeconds, inputOctets, outputOctets } = row;
  return {
    state,
    framedIpAddress,
    startedAt,
    lastSeenAt,
    stoppedAt,
    terminateCause,
    sessionSeconds,
    inputOctets,
    outputOctets,
  };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

const six = [
  record(0, { kind: 'start', sessionSeconds: 0, framedIpAddress: '10.0.0.7' }),
  record(60, { inputOctets: '1000', outputOctets: '9000' }),
  record(121, { sessionSeconds: 120, inputOctets: '5000000000', outputOctets: '9500' }),
  record(180, { inputOctets: '5000000001', outputOctets: '20000000000' }),
  record(200, { kind: 'stop', terminateCause: 1, inputOctets: '5000000009', outputOctets: '20000000000' }),
  record(203, {
    kind: 'stop',
    sessionSeconds: 200,
    terminateCause: 1,
    inputOctets: '5000000009',
    outputOctets: '20000000000',
  }),
];

describe('merging accounting packets into a session', () => {
  test('A2: all 720 orders of six packets give the same row', () => {
    const expected = rowAfter(six);
    expect(expected).toMatchObject({
      state: 'closed',
      startedAt: T0,
      stoppedAt: T0 + 200_000,
      sessionSeconds: 200,
      inputOctets: 5_000_000_009n,
      outputOctets: 20_000_000_000n,
      framedIpAddress: '10.0.0.7',
    });
    for (const order of permutations(six)) expect(rowAfter(order)).toEqual(expected);
  });

  test('A1: copies of packets change nothing', () => {
    expect(rowAfter([...six, ...six, ...six.toReversed()])).toEqual(rowAfter(six));
  });

  test('A2: packets combined in one batch give the row that one by one they would', () => {
    for (const order of permutations(six.slice(0, 5))) {
      const [first, ...rest] = order.map((each) => updateOf(each));
      if (first === undefined) throw new Error('empty');
      const together = applyUpdate(opened(first), rest.reduce(combine, first));
      expect(together).toMatchObject(rowAfter(six.slice(0, 5)));
    }
  });

  test('A2: an interim update after the Stop raises counters but does not reopen the session', () => {
    const late = record(190, { inputOctets: '6000000000' });
    expect(rowAfter([...six, late])).toMatchObject({
      state: 'closed',
      inputOctets: 6_000_000_000n,
      stoppedAt: T0 + 200_000,
    });
  });

  test('A4: a late Stop replaces the end that a reboot of the NAS was taken for', () => {
    const row = rowAfter(six.slice(0, 2));
    const rebooted: SessionFacts = {
      ...opened(updateOf(record(60, {}))),
      ...row,
      state: 'closed',
      stoppedAt: T0 + 60_000,
      terminateCause: NAS_REBOOT,
    };
    const stop = record(90, { kind: 'stop', terminateCause: 5, inputOctets: '2000' });
    const after = applyUpdate(rebooted, updateOf(stop));
    expect(after).toMatchObject({ state: 'closed', stoppedAt: T0 + 90_000, terminateCause: 5, inputOctets: 2000n });
  });

  test('A6: a stale session that speaks again is open again, a replayed old packet does not wake it', () => {
    const stale: SessionFacts = { ...opened(updateOf(record(60, {}))), state: 'stale' };
    expect(applyUpdate(stale, updateOf(record(50, {}))).state).toBe('stale');
    expect(applyUpdate(stale, updateOf(record(61, {}))).state).toBe('open');
  });

  test('a session closed for silence is open again when the NAS reports it running', () => {
    const closed: SessionFacts = { ...opened(updateOf(record(60, {}))), state: 'closed', stoppedAt: T0 + 60_000 };
    expect(applyUpdate(closed, updateOf(record(600, {})))).toMatchObject({ state: 'open', stoppedAt: null });
  });

  test('a session that is being ended stays so until its Stop', () => {
    const closing: SessionFacts = { ...opened(updateOf(record(60, {}))), state: 'closing' };
    expect(applyUpdate(closing, updateOf(record(120, {}))).state).toBe('closing');
    expect(applyUpdate(closing, updateOf(record(121, { kind: 'stop' })))).toMatchObject({
      state: 'closed',
      terminateCause: 0,
    });
  });
});
