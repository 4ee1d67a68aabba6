import { median } from '../median.js';
import type { Outcome } from '../outcome.js';
import type { Figure } from '../results.js';
import type { K6Scenario } from './scenario.js';

/** The scenario so many times, each on an instance of its own; of each figure the median, with all values beside it. */
export function repeated(scenario: K6Scenario): K6Scenario {
  return async (config, say, signal) => {
    const times = config.TIMES ?? 1;
    const outcomes: Outcome[] = [];
    for (let turn = 1; turn <= times; turn += 1) {
      if (times > 1) say(`run ${turn} of ${times}`);
      outcomes.push(await scenario(config, say, signal));
    }
    return medianOf(outcomes);
  };
}

/** Series and table are those of the run whose first figure is nearest to the median of it. */
export function medianOf(outcomes: readonly Outcome[]): Outcome {
  const [first, ...others] = outcomes;
  if (first === undefined) throw new Error('nothing was run');
  if (others.length === 0) return first;
  const valuesOf = (name: string): number[] =>
    outcomes.flatMap(({ figures }) => figures.filter((one) => one.name === name).map(({ value }) => value));
  const figures = first.figures.map((figure): Figure => {
    const values = valuesOf(figure.name);
    return { ...figure, value: median(values), values };
  });
  const distanceOf = (outcome: Outcome): number => {
    return Math.abs((outcome.figures[0]?.value ?? Number.NaN) - (figures[0]?.value ?? Number.NaN));
  };
  const [middle = first] = outcomes.toSorted((a, b) => distanceOf(a) - distanceOf(b));
  return { ...middle, figures };
}
