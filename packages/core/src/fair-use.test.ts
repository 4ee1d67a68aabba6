import { fairUseStepAt, rateAt, type FairUseStep } from './fair-use.js';

const steps: FairUseStep[] = [
  { afterOctets: '1000', downKbps: 2_000, upKbps: 1_000 },
  { afterOctets: '9223372036854775000', downKbps: 256, upKbps: 128 },
];
const terms = { downKbps: 10_000, upKbps: 5_000, fairUse: steps };

describe('fair use', () => {
  test('a step is passed with its last byte, also beyond 2^53', () => {
    expect(fairUseStepAt(steps, 0n)).toBe(0);
    expect(fairUseStepAt(steps, 999n)).toBe(0);
    expect(fairUseStepAt(steps, 1_000n)).toBe(1);
    expect(fairUseStepAt(steps, 9_223_372_036_854_774_999n)).toBe(1);
    expect(fairUseStepAt(steps, 9_223_372_036_854_775_000n)).toBe(2);
  });

  test('without steps nothing is ever passed', () => {
    expect(fairUseStepAt(null, 10n ** 18n)).toBe(0);
    expect(fairUseStepAt([], 10n ** 18n)).toBe(0);
  });

  test('each step has its rate; none passed is the full rate, and a step unknown here is the last one', () => {
    expect(rateAt(terms, 0)).toEqual({ downKbps: 10_000, upKbps: 5_000 });
    expect(rateAt(terms, 1)).toEqual({ downKbps: 2_000, upKbps: 1_000 });
    expect(rateAt(terms, 2)).toEqual({ downKbps: 256, upKbps: 128 });
    expect(rateAt(terms, 7)).toEqual({ downKbps: 256, upKbps: 128 });
    expect(rateAt({ ...terms, fairUse: null }, 3)).toEqual({ downKbps: 10_000, upKbps: 5_000 });
    expect(rateAt({ ...terms, fairUse: [] }, 3)).toEqual({ downKbps: 10_000, upKbps: 5_000 });
  });
});
