import { jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { deployDir, runProgram } from './deploy-run.js';

// Programs are started and waited for: on a busy machine that takes its time.
jest.setTimeout(120_000);

const SCRIPT = path.join(deployDir, 'docker/healthcheck.mjs');

let child: ChildProcess;

/** A process with the ops server of ours, and another server beside it. */
async function processThatSays(ok: boolean): Promise<string> {
  const program = `
    const { createServer } = require('node:http');
    const answer = (status, body) => createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end(JSON.stringify(body));
    });
    answer(404, { error: 'not found' }).listen(0, '127.0.0.1', () => {
      answer(${ok ? 200 : 503}, { ok: ${ok}, checks: { postgresql: '${ok ? 'ok' : 'does not answer'}' } })
        .listen(0, '127.0.0.1', () => console.log('listening'));
    });`;
  child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return String(child.pid);
}

afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
});

describe('the health check of the image', () => {
  test('finds the port of a process that chose it itself, and says that it is ready', async () => {
    const ran = await runProgram(process.execPath, [SCRIPT, await processThatSays(true)]);
    expect(ran).toMatchObject({ status: 0, stdout: '[{"postgresql":"ok"}]\n' });
  });

  test('fails, with the reason, when the process says that it is not ready', async () => {
    const ran = await runProgram(process.execPath, [SCRIPT, await processThatSays(false)]);
    expect(ran).toMatchObject({ status: 1, stdout: '[{"postgresql":"does not answer"}]\n' });
  });

  test('fails when the process says nothing, or is gone', async () => {
    const pid = await processThatSays(true);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const ran = await runProgram(process.execPath, [SCRIPT, pid]);
    expect(ran).toMatchObject({ status: 1, stdout: 'no process here says whether it is ready\n' });
  });
});
