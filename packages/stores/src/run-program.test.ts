import { runProgram } from './run-program.js';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('runProgram', () => {
  test('gives what the program printed', async () => {
    await expect(runProgram('echo', ['hello'])).resolves.toMatchObject({ ok: true, stdout: 'hello\n' });
  });

  test('a program that cannot be run leaves no timer that keeps the process alive', async () => {
    const before = timers();
    const result = await runProgram('/nowhere/no-such-program', []);
    expect(result).toMatchObject({ ok: false, status: null });
    expect(timers()).toBe(before);
  });

  test('a program that takes too long is ended', async () => {
    const result = await runProgram('sleep', ['30'], { timeoutMs: 50 });
    expect(result).toMatchObject({ ok: false, explanation: 'killed by SIGKILL' });
  });
});
