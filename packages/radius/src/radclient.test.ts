import { spawn, spawnSync } from 'node:child_process';
import { systemClock } from '@turnpike/core/clock.js';
import { openCoaListener } from '@turnpike/testkit/nas-peer.js';
import { recordRadiusEvents, type RadiusEvents } from '@turnpike/testkit/radius-events.js';
import { ATTR, CODE, MIKROTIK, VENDOR } from './attributes.js';
import { verifyChap } from './chap.js';
import { createRadiusServer, type RadiusRequest } from './udp-server.js';
import { revealPassword, samePassword } from './user-password.js';
import { bytesAttr, sessionTimeoutAttr, textAttr, vendorTextAttr } from './value-codec.js';

// A foreign RADIUS implementation as the judge. Debian and Ubuntu: apt-get install freeradius-utils.
const SECRET = 'a-secret-of-thirty-two-characters';
const missing = spawnSync('radclient', ['-v']).error;
const foreign = missing === undefined ? test : test.skip;

/** Runs radclient for one request; gives its exit code (0 = the expected reply came) and what it printed. */
async function radclient(port: number, command: string, attributes: string): Promise<{ code: number; output: string }> {
  const args = ['-x', '-r', '1', '-t', '2', `127.0.0.1:${port}`, command, SECRET];
  const child = spawn('radclient', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(`${attributes}\n`);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? -1));
  });
  return { code, output: Buffer.concat(chunks).toString() };
}

async function withServer(
  role: 'auth' | 'acct',
  run: (port: number, events: RadiusEvents) => Promise<void>,
): Promise<void> {
  const events = recordRadiusEvents();
  const server = createRadiusServer({
    role,
    host: '127.0.0.1',
    port: 0,
    lookupNas: () => ({ id: 'radclient', secrets: [Buffer.from(SECRET)], messageAuthenticator: 'required' }),
    handle: (request) => Promise.resolve(role === 'auth' ? judge(request) : { code: 5, attributes: [] }),
    observe: events.observe,
    clock: systemClock,
    rejectDelayMs: 0,
  });
  const { port } = await server.start();
  try {
    await run(port, events);
  } finally {
    await server.stop({ drainMs: 1_000 });
  }
}

function judge({ packet, secret }: RadiusRequest): { code: number; attributes: ReturnType<typeof bytesAttr>[] } {
  const password = Buffer.from('arctangent');
  const hidden = packet.get(ATTR.USER_PASSWORD);
  const right =
    hidden === undefined
      ? verifyChap(packet, password)
      : samePassword(revealPassword(hidden, packet.authenticator, secret), password);
  if (!right) return { code: CODE.ACCESS_REJECT, attributes: [textAttr(ATTR.REPLY_MESSAGE, 'Wrong password')] };
  const rate = vendorTextAttr(VENDOR.MIKROTIK, MIKROTIK.RATE_LIMIT, '5M/5M');
  return {
    code: CODE.ACCESS_ACCEPT,
    attributes: [sessionTimeoutAttr(600), bytesAttr(ATTR.CLASS, Buffer.from('c')), rate],
  };
}

const SIGNED = 'Message-Authenticator = 0x00';

test('radclient can be run, or the reason why its tests are skipped is told', () => {
  if (missing !== undefined) process.stderr.write(`SKIPPED, install freeradius-utils: ${missing.message}\n`);
  expect(missing === undefined || missing.message.includes('ENOENT')).toBe(true);
});

foreign('radclient logs in by PAP and reads our reply', async () => {
  await withServer('auth', async (port) => {
    const accepted = await radclient(port, 'auth', `User-Name = nemo\nUser-Password = arctangent\n${SIGNED}`);
    expect(accepted.output).toContain('Received Access-Accept');
    expect(accepted.output).toContain('Session-Timeout = 600');
    expect(accepted.code).toBe(0);
    const rejected = await radclient(port, 'auth', `User-Name = nemo\nUser-Password = wrong\n${SIGNED}`);
    expect(rejected.output).toContain('Received Access-Reject');
    expect(rejected.output).toContain('Reply-Message = "Wrong password"');
  });
});

foreign('radclient logs in by CHAP', async () => {
  await withServer('auth', async (port) => {
    const { code, output } = await radclient(port, 'auth', `User-Name = nemo\nCHAP-Password = arctangent\n${SIGNED}`);
    expect(output).toContain('Received Access-Accept');
    expect(code).toBe(0);
  });
});

foreign('R6: radclient gets no reply to an unsigned request, nor to one with Proxy-State', async () => {
  await withServer('auth', async (port, events) => {
    const plain = await radclient(port, 'auth', 'User-Name = nemo\nUser-Password = arctangent');
    const proxied = await radclient(port, 'auth', 'User-Name = nemo\nUser-Password = arctangent\nProxy-State = 0x01');
    expect([plain.code, proxied.code]).toEqual([1, 1]);
    expect(events.count('dropped message-authenticator-missing')).toBe(2);
  });
});

foreign.each(['', SIGNED])('radclient accounts, with %p', async (signature) => {
  await withServer('acct', async (port) => {
    const record = `Acct-Status-Type = Start\nAcct-Session-Id = "81a0"\nUser-Name = nemo\n${signature}`;
    const { code, output } = await radclient(port, 'acct', record);
    expect(output).toContain('Received Accounting-Response');
    expect(code).toBe(0);
  });
});

foreign('R18: radclient asks both ports for their status', async () => {
  for (const role of ['auth', 'acct'] as const) {
    await withServer(role, async (port) => {
      const { code } = await radclient(port, 'status', SIGNED);
      expect(code).toBe(0);
    });
  }
});

foreign.each(['', SIGNED])('radclient disconnects a session at our CoA listener, with %p', async (signature) => {
  const nas = await openCoaListener({
    address: '127.0.0.1',
    secret: SECRET,
    decide: ({ code }) => ({ code: code === CODE.COA_REQUEST ? CODE.COA_ACK : CODE.DISCONNECT_ACK }),
  });
  try {
    const ended = await radclient(nas.port, 'disconnect', `Acct-Session-Id = "81a0"\n${signature}`);
    expect(ended.output).toContain('Received Disconnect-ACK');
    const changed = await radclient(nas.port, 'coa', `Acct-Session-Id = "81a0"\n${signature}`);
    expect(changed.output).toContain('Received CoA-ACK');
    expect(nas.received.map((request) => request.text(ATTR.ACCT_SESSION_ID))).toEqual(['81a0', '81a0']);
  } finally {
    await nas.close();
  }
});
