import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { z } from 'zod';
import { createAccessPackets } from '../radius/access-packets.js';
import { createSigner } from '../radius/one-shot.js';
import { createPacketWriter } from '../radius/packet-writer.js';

/**
 * The flood, in a process of its own so that it does not slow down what measures. Argument: JSON. Sends until it is told to
 * stop (or its parent is gone) and then prints what it sent, and how many answers strangers got.
 */
const options = z
  .object({
    host: z.string(),
    port: z.number(),
    secret: z.string(),
    /** A second, from addresses that are no NAS. */
    strangersPerSecond: z.number(),
    strangers: z.number(),
    /** A second, from one NAS that is known. */
    noisyPerSecond: z.number(),
    noisyAddress: z.string(),
    customers: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const TICK_MS = 5;
const PACKET_BYTES = 512;
const totals = { strangers: 0, strangersAnswered: 0, noisy: 0, noisyAnswered: 0 };

async function open(address: string, onAnswer: () => void): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.on('message', onAnswer);
  socket.bind({ address, port: 0, exclusive: true });
  await once(socket, 'listening');
  socket.connect(options.port, options.host);
  await once(socket, 'connect');
  return socket;
}

const packets = createAccessPackets({
  writer: createPacketWriter(createSigner(Buffer.from(options.secret))),
  customers: { username: 'user%d', password: 'pass%d', count: options.customers },
  method: 'pap',
  nasAddress: options.noisyAddress,
});
const strangers = await Promise.all(
  Array.from({ length: options.strangers }, (_, number) =>
    open(`127.77.${number >> 8}.${number & 255 || 1}`, () => (totals.strangersAnswered += 1)),
  ),
);
const noisy = await open(options.noisyAddress, () => (totals.noisyAnswered += 1));
const buffer = Buffer.alloc(PACKET_BYTES);

/** One in two is well made, the others are noise that looks like a request. */
function sendNoisy(turn: number): void {
  const length = packets.write({ customer: turn % options.customers, identifier: turn & 0xff }, buffer, 0);
  if (turn % 2 === 1) randomBytes(16).copy(buffer, 4);
  noisy.send(Buffer.from(buffer.subarray(0, length)));
  totals.noisy += 1;
}

function sendStranger(turn: number): void {
  const length = packets.write({ customer: turn % options.customers, identifier: turn & 0xff }, buffer, 0);
  strangers[turn % strangers.length]?.send(Buffer.from(buffer.subarray(0, length)));
  totals.strangers += 1;
}

const startedMs = performance.now();
const timer = setInterval(() => {
  const seconds = (performance.now() - startedMs) / 1000;
  while (totals.strangers < seconds * options.strangersPerSecond) sendStranger(totals.strangers);
  while (totals.noisy < seconds * options.noisyPerSecond) sendNoisy(totals.noisy);
}, TICK_MS);

function finish(): void {
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify(totals)}\n`, () => process.exit(0));
}
process.once('message', finish);
process.once('disconnect', finish);
