import { busiest, pointsOf, withSample, type Traffic } from './traffic-samples.js';

function sample(second: number, rxBytes: string, rxBps: number | null = null): Traffic {
  const at = `2026-11-23T08:00:${String(second).padStart(2, '0')}.000Z`;
  return { at, interfaces: [{ name: 'ether1', running: true, rxBytes, txBytes: '0', rxBps, txBps: null }] };
}

describe('traffic of an interface', () => {
  test('is what the router says', () => {
    expect(pointsOf([sample(0, '0', 2_500_000)], 'ether1')).toMatchObject([{ receives: 2.5, sends: null }]);
  });

  test('else what its counters grew by, in megabits a second', () => {
    expect(pointsOf([sample(0, '1000000'), sample(4, '2000000')], 'ether1').map(({ receives }) => receives)).toEqual([
      null,
      2,
    ]);
  });

  test('is unknown after the counters began anew', () => {
    expect(pointsOf([sample(0, '1000000'), sample(4, '10')], 'ether1').at(-1)?.receives).toBeNull();
  });

  test('the same answer twice is one sample, and only the newest hundred are kept', () => {
    const one = sample(0, '0');
    expect(withSample([one], one)).toHaveLength(1);
    let samples: readonly Traffic[] = [];
    for (let index = 0; index < 120; index += 1) samples = withSample(samples, { ...one, at: `sample ${index}` });
    expect(samples).toHaveLength(100);
    expect(samples[0]?.at).toBe('sample 20');
  });

  test('begins with the interface with a link that has carried most', () => {
    const answer = sample(0, '5');
    const more = { name: 'wlan1', running: true, rxBytes: '3', txBytes: '9', rxBps: null, txBps: null };
    expect(busiest({ ...answer, interfaces: [...answer.interfaces, more] })).toBe('wlan1');
    expect(busiest({ ...answer, interfaces: [...answer.interfaces, { ...more, running: false }] })).toBe('ether1');
  });
});
