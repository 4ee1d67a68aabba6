import { createStoreWatch } from './store-watch.js';

describe('the watch over the stores', () => {
  test('R18: usable while one of them answers', async () => {
    const up = { redis: true, postgres: true };
    const probe = (store: keyof typeof up) => async () => {
      if (!up[store]) throw new Error('away');
    };
    const watch = createStoreWatch({ probes: [probe('redis'), probe('postgres')], everyMs: 3_600_000 });
    expect(watch.isUsable()).toBe(false);
    await watch.start();
    expect(watch.isUsable()).toBe(true);
    up.redis = false;
    await watch.look();
    expect(watch.isUsable()).toBe(true);
    up.postgres = false;
    await watch.look();
    expect(watch.isUsable()).toBe(false);
    up.redis = true;
    await watch.look();
    expect(watch.isUsable()).toBe(true);
    watch.stop();
  });

  test('R18: asking costs no probe, and probes go on by themselves', async () => {
    let probes = 0;
    let third = (): void => undefined;
    const seen = new Promise<void>((resolve) => (third = resolve));
    const count = async () => {
      probes += 1;
      if (probes === 3) third();
    };
    const watch = createStoreWatch({ probes: [count], everyMs: 1 });
    await watch.look();
    for (let packet = 0; packet < 1_000; packet += 1) watch.isUsable();
    expect(probes).toBe(1);
    await watch.start();
    const keepAlive = setTimeout(() => undefined, 5_000);
    await seen;
    clearTimeout(keepAlive);
    watch.stop();
  });
});
