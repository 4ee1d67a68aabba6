import { socketBufferFindings, type ReadLimit } from './socket-buffers.js';

const limits =
  (known: Record<string, number>): ReadLimit =>
  async (name) =>
    known[name];

describe('the finding about socket buffers', () => {
  test('R3: limits of 4 MiB or more are fine', async () => {
    const findings = await socketBufferFindings(limits({ rmem_max: 4_194_304, wmem_max: 8_388_608 }));
    expect(findings).toEqual([
      { level: 'ok', text: 'net.core.rmem_max is 4194304' },
      { level: 'ok', text: 'net.core.wmem_max is 8388608' },
    ]);
  });

  test('R3: a smaller one is named with the line that raises it', async () => {
    const [rmem, wmem] = await socketBufferFindings(limits({ rmem_max: 212_992, wmem_max: 4_194_303 }));
    expect(rmem).toMatchObject({ level: 'hint', text: 'net.core.rmem_max is 212992' });
    expect(rmem?.remedy).toContain('sudo sysctl -w net.core.rmem_max=4194304');
    expect(wmem).toMatchObject({ level: 'hint' });
    expect(wmem?.remedy).toContain('sudo sysctl -w net.core.wmem_max=4194304');
  });

  test('R3: where the kernel does not show them, they are to be looked after on the host', async () => {
    const [rmem] = await socketBufferFindings(limits({}));
    expect(rmem).toMatchObject({ level: 'hint', text: expect.stringContaining('not shown here') });
  });
});
