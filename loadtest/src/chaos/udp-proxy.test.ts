import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { seededRandom, shuffle } from './seeded-random.js';
import { startUdpProxy, type UdpFaults, type UdpProxy } from './udp-proxy.js';

const NONE: UdpFaults = { loss: 0, duplicate: 0, maxDelayMs: 0 };
let target: Socket;
let sender: Socket;
let proxy: UdpProxy | undefined;

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

beforeEach(async () => {
  [target, sender] = await Promise.all([bound(), bound()]);
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  target.close();
  sender.close();
});

async function start(toTarget: UdpFaults, fromTarget: UdpFaults, seed = 1): Promise<UdpProxy> {
  proxy = await startUdpProxy({
    target: { host: '127.0.0.1', port: target.address().port },
    bindAddress: '127.88.0.1',
    toTarget,
    fromTarget,
    random: seededRandom(seed),
  });
  return proxy;
}

/** What arrives until `count` datagrams are there, or a last one that says so. */
function arrivals(socket: Socket, until: (texts: readonly string[]) => boolean): Promise<string[]> {
  return new Promise((resolve) => {
    const texts: string[] = [];
    socket.on('message', (bytes) => {
      texts.push(bytes.toString());
      if (until(texts)) resolve(texts);
    });
  });
}

test('the target sees the NAS address, and answers find their way back', async () => {
  const { port } = await start(NONE, NONE);
  target.on('message', (bytes, from) => {
    target.send(`${from.address} said ${bytes.toString()}`, from.port, from.address);
  });
  const answers = arrivals(sender, (texts) => texts.length === 1);
  sender.send('hello', port, '127.0.0.1');
  expect(await answers).toEqual(['127.88.0.1 said hello']);
});

test('loses and doubles about as much as it is told, the same for the same seed', async () => {
  const counts = [];
  for (let repeat = 0; repeat < 2; repeat += 1) {
    const running = await start({ loss: 0.2, duplicate: 0.1, maxDelayMs: 0 }, NONE, 42);
    let seen = 0;
    const all = new Promise<void>((resolve) => {
      target.on('message', () => {
        seen += 1;
        const { passed, duplicated, lost } = running.counts.toTarget;
        if (passed + lost === 500 && seen === passed + duplicated) resolve();
      });
    });
    for (let i = 0; i < 500; i += 1) {
      await new Promise<void>((resolve) => sender.send(String(i), running.port, '127.0.0.1', () => resolve()));
    }
    await all;
    counts.push({ ...running.counts.toTarget });
    target.removeAllListeners('message');
    await running.close();
    proxy = undefined;
  }
  expect(counts[0]).toEqual(counts[1]);
  expect(counts[0]?.lost).toBeGreaterThan(60);
  expect(counts[0]?.lost).toBeLessThan(140);
  expect(counts[0]?.duplicated).toBeGreaterThan(15);
});

test('delays by different times, so that datagrams overtake one another', async () => {
  const { port } = await start({ ...NONE, maxDelayMs: 60 }, NONE);
  const seen = arrivals(target, (texts) => texts.length === 40);
  for (let i = 0; i < 40; i += 1) sender.send(String(i), port, '127.0.0.1');
  const texts = await seen;
  expect(new Set(texts).size).toBe(40);
  expect(texts).not.toEqual(Array.from({ length: 40 }, (_, i) => String(i)));
});

test('a shuffle holds the same numbers in another order, the same for the same seed', () => {
  const numbers = () => Uint32Array.from({ length: 100 }, (_, i) => i);
  const first = shuffle(numbers(), seededRandom(7));
  expect(shuffle(numbers(), seededRandom(7))).toEqual(first);
  expect(shuffle(numbers(), seededRandom(8))).not.toEqual(first);
  expect([...first].sort((a, b) => a - b)).toEqual([...numbers()]);
  expect(first).not.toEqual(numbers());
});
