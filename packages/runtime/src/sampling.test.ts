import { createLogger } from './logger.js';
import { createSampling, type Sample } from './sampling.js';

const logger = createLogger({ level: 'silent', role: 'test', instance: 'test' });

function sample(take: () => Promise<void>): Sample & { forgotten: number } {
  const made = {
    name: 'x',
    forgotten: 0,
    take,
    forget: () => {
      made.forgotten += 1;
    },
  };
  return made;
}

describe('figures that are looked up now and then', () => {
  test('one that fails or hangs shows no value, and the others are taken all the same', async () => {
    const taken: string[] = [];
    const good = sample(async () => void taken.push('good'));
    const failing = sample(() => Promise.reject(new Error('away')));
    const hanging = sample(() => new Promise(() => undefined));
    await createSampling({ samples: [failing, hanging, good], logger, limitMs: 20 }).takeAll();
    expect(taken).toEqual(['good']);
    expect([good.forgotten, failing.forgotten, hanging.forgotten]).toEqual([0, 1, 1]);
  });

  test('are taken again and again until stopped, which waits for the round under way', async () => {
    let release = (): void => undefined;
    let taken = 0;
    const again = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isUnderWay = false;
    const sampling = createSampling({
      logger,
      everyMs: 1,
      samples: [
        sample(async () => {
          isUnderWay = true;
          taken += 1;
          if (taken === 3) release();
          await new Promise((resolve) => setImmediate(resolve));
          isUnderWay = false;
        }),
      ],
    });
    sampling.start();
    await again;
    await sampling.stop();
    const atStop = taken;
    expect(isUnderWay).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBe(atStop);
  });

  test('a store that hangs does not hold up the end of the process', async () => {
    const sampling = createSampling({ samples: [sample(() => new Promise(() => undefined))], logger });
    sampling.start();
    const before = performance.now();
    await sampling.stop();
    expect(performance.now() - before).toBeLessThan(2_500);
  });
});
