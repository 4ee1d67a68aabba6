import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createAccessPackets } from './access-packets.js';
import { runGenerator, type GeneratorResult } from './generator.js';
import { createSigner } from './one-shot.js';
import { createPacketWriter } from './packet-writer.js';
import { PreparedLogins } from './prepared-logins.js';

export interface CeilingOptions {
  readonly nasAddress: string;
  readonly secret: string;
  readonly window: number;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

export interface Ceiling {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly lost: number;
}

/** More than any Node can do, so that the deck is not what ends the run. */
const MOST_PER_SECOND = 120_000;
const DECK = 60_000;

/** What the generator reaches against a process that does nothing but answer: with that rate it, not a service, is measured. */
export async function measureCeiling(options: CeilingOptions): Promise<Ceiling> {
  const signer = createSigner(Buffer.from(options.secret));
  const customers = { username: 'user%d', password: 'pass%d', count: 50_000 };
  const packets = createAccessPackets({
    writer: createPacketWriter(signer),
    customers,
    method: 'pap',
    nasAddress: options.nasAddress,
  });
  const common = { packets, slots: options.window, slotsBefore: 0, customers: customers.count, wrongPassword: false };
  const count = Math.min(DECK, MOST_PER_SECOND * options.seconds);
  const feeder = new PreparedLogins({ ...common, count, repeatsAtOnce: true });
  const lane = { feeder, slots: options.window, allowance: () => Infinity };
  const result: GeneratorResult = await withEcho(options.secret, (port) =>
    runGenerator({
      host: '127.0.0.1',
      port,
      nasAddress: options.nasAddress,
      signer,
      lanes: [lane],
      durationMs: options.seconds * 1000,
      identifiersPerSlot: 4,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }),
  );
  const lost = feeder.tally.lost;
  return { perSecond: result.answersPerSecond, p99Ms: feeder.tally.latencies.percentile(99), lost };
}

async function withEcho<Result>(secret: string, work: (port: number) => Promise<Result>): Promise<Result> {
  const program = path.join(import.meta.dirname, 'echo-main.js');
  const child = spawn(process.execPath, [program, secret], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  try {
    return await work(await firstNumber(child));
  } finally {
    child.kill('SIGKILL');
  }
}

/** The port it prints once it listens. */
function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the echo ended with status ${code}`)));
    child.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString('utf8'))));
  });
}
