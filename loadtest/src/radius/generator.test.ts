import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { CODE } from '@turnpike/radius/attributes.js';
import { encodeReply } from '@turnpike/radius/encode.js';
import { parsePacket } from '@turnpike/radius/packet.js';
import { createAccessPackets } from './access-packets.js';
import { FreshLogins } from './fresh-logins.js';
import { runGenerator, type Lane } from './generator.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { PreparedLogins } from './prepared-logins.js';

const secret = Buffer.from('secret');
const customers = { username: 'user%d', password: 'pass%d', count: 100 };
const signer = createSigner(secret);
const packets = createAccessPackets({
  writer: createPacketWriter(signer),
  customers,
  method: 'pap',
  nasAddress: '127.0.0.1',
});

let socket: Socket;

beforeEach(async () => {
  socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
});
afterEach(async () => {
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

/** Answers with what `decide` says: a code, or nothing. `forge` makes answers of somebody without the secret. */
function serve(decide: (username: string, count: number) => number | undefined, forge = false): Map<string, number> {
  const seen = new Map<string, number>();
  socket.on('message', (bytes, from) => {
    const parsed = parsePacket(bytes);
    if (!parsed.ok) throw new Error(parsed.reason);
    const key = bytes.toString('hex');
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const code = decide(parsed.packet.text(1) ?? '', count);
    if (code === undefined) return;
    const reply = encodeReply(parsed.packet, code, [], forge ? Buffer.from('guess') : secret);
    socket.send(reply, from.port, from.address);
  });
  return seen;
}

function run(
  lanes: readonly Lane[],
  options: { signal?: AbortSignal; retry?: { afterMs: number; tries: number } } = {},
) {
  return runGenerator({
    host: '127.0.0.1',
    port: socket.address().port,
    nasAddress: '127.0.0.1',
    signer,
    lanes,
    durationMs: 10_000,
    ...options,
  });
}

function logins(count: number): FreshLogins {
  return new FreshLogins({ packets, loginOf: (turn) => (turn < count ? { customer: turn } : undefined) });
}

const FAST = () => Infinity;
const SOON = { afterMs: 60, tries: 3 };

test('every login is answered once, and what is not accepted counts as a wrong verdict', async () => {
  const seen = serve((username) => (username === 'user7' ? CODE.ACCESS_REJECT : CODE.ACCESS_ACCEPT));
  const feeder = logins(300);
  const result = await run([{ feeder, slots: 16, allowance: FAST }]);
  expect(result.lanes).toEqual([{ sent: 300, answered: 300, retransmitted: 0, lost: 0 }]);
  expect(feeder.tally).toMatchObject({ accepted: 299, rejected: 1, wrongVerdicts: 1, unsigned: 0, lost: 0 });
  expect(seen.size).toBe(300);
});

test('the same bytes are sent again until they are answered, three times at most', async () => {
  const seen = serve((username, count) =>
    username === 'user1' ? undefined : count < 3 ? undefined : CODE.ACCESS_ACCEPT,
  );
  const feeder = logins(4);
  const result = await run([{ feeder, slots: 4, allowance: FAST }], { retry: SOON });
  expect(result.lanes).toEqual([{ sent: 4, answered: 3, retransmitted: 8, lost: 1 }]);
  expect(feeder.tally.lost).toBe(1);
  expect([...seen.values()]).toEqual([3, 3, 3, 3]);
});

test('an answer that was not made with the secret is no answer', async () => {
  serve(() => CODE.ACCESS_ACCEPT, true);
  const result = await run([{ feeder: logins(2), slots: 2, allowance: FAST }], { retry: SOON });
  expect(result.lanes[0]).toMatchObject({ answered: 0, lost: 2 });
  expect(result.strays).toBe(6);
});

test('a lane keeps its pace, and another one its share of it', async () => {
  serve(() => CODE.ACCESS_ACCEPT);
  const right = new PreparedLogins({
    packets,
    slots: 8,
    slotsBefore: 0,
    count: 4_000,
    customers: 100,
    wrongPassword: false,
  });
  const wrong = new PreparedLogins({
    packets,
    slots: 8,
    slotsBefore: 8,
    count: 4_000,
    customers: 100,
    wrongPassword: true,
  });
  const result = await runGenerator({
    host: '127.0.0.1',
    port: socket.address().port,
    nasAddress: '127.0.0.1',
    signer,
    lanes: [
      { feeder: right, slots: 8, allowance: (elapsedMs) => elapsedMs / 4 },
      { feeder: wrong, slots: 8, allowance: () => right.sent * 0.5 },
    ],
    durationMs: 400,
    identifiersPerSlot: 4,
  });
  const [first, second] = result.lanes;
  expect(first?.sent).toBeLessThanOrEqual(101);
  expect(first?.sent).toBeGreaterThan(20);
  expect(second?.sent).toBeLessThanOrEqual(Math.ceil((first?.sent ?? 0) / 2));
  expect(wrong.tally).toMatchObject({ wrongVerdicts: second?.sent });
});

test('packets made before the run are not sent again while a service may remember them', async () => {
  serve(() => CODE.ACCESS_ACCEPT);
  const feeder = new PreparedLogins({
    packets,
    slots: 4,
    slotsBefore: 0,
    count: 64,
    customers: 100,
    wrongPassword: false,
  });
  const lane = { feeder, slots: 4, allowance: FAST };
  const { port } = socket.address();
  const common = { host: '127.0.0.1', port, nasAddress: '127.0.0.1', signer, lanes: [lane] };
  const result = await runGenerator({ ...common, durationMs: 10_000, identifiersPerSlot: 4 });
  expect(result.lanes[0]).toMatchObject({ sent: 64, answered: 64 });
});

test('ends early when it is told to, with what was in flight answered or lost', async () => {
  const stop = new AbortController();
  serve(() => {
    stop.abort();
    return CODE.ACCESS_ACCEPT;
  });
  const result = await run([{ feeder: logins(1_000_000), slots: 2, allowance: FAST }], { signal: stop.signal });
  expect(result.lanes[0]?.sent).toBeLessThan(10);
  expect(result.lanes[0]?.sent).toBe(result.lanes[0]?.answered);
});
