import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@turnpike/core/clock.js';
import { CODE } from '@turnpike/radius/attributes.js';
import type { RadiusObserver } from '@turnpike/radius/radius-observer.js';
import { createRadiusServer, type RadiusServer } from '@turnpike/radius/udp-server.js';
import { FreeradiusUnavailable, getFreeradius } from '../freeradius/get.js';
import { startFreeradius, type RunningFreeradius } from '../freeradius/start.js';
import type { Figure } from '../results.js';
import { Tally } from './campaign.js';
import { conclude } from './conclude.js';
import { describeFinding, keepFindings } from './findings.js';
import { createDraft, createGenerator, signDraft, type Draft } from './generate.js';
import { mutate } from './mutate.js';
import { nameOf } from './named-differences.js';
import { createOracle, type Oracle } from './oracle.js';
import { Random } from './random.js';
import { openVerdictAsker, type VerdictAsker } from './verdict-asker.js';

export interface DifferentialRun {
  readonly root: string;
  readonly packets: number;
  readonly seed: number;
  /** Only this packet, and nothing is written down. */
  readonly only: number | undefined;
  readonly isWhole: boolean;
  readonly command: string;
  readonly say: (line: string) => void;
}

const SECRET = Buffer.from('differential-secret-of-32-letter');
const HOST = '127.0.0.1';
/** Packets under way at once, each from an address of its own, by which our server's reasons are told apart. */
const LANES = 24;
const LARGEST_DATAGRAM = 65_000;
const SAY_EVERY = 2_000;
/** What a NAS sends, and a few codes that both have to refuse on these ports. */
const CODES: readonly [number, ...number[]] = [1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 12, 12, 40, 43, 2, 5];

/** Exit status: 0 the same verdicts but for named differences, 1 others, 3 FreeRADIUS cannot be had. */
export async function runDifferential(run: DifferentialRun): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'turnpike-differential-'));
  try {
    const freeradius = await getFreeradius(directory);
    run.say(`FreeRADIUS ${freeradius.version} (${freeradius.binary}), seed ${run.seed}`);
    const theirs = await startFreeradius({
      freeradius,
      directory: path.join(directory, 'run'),
      secret: SECRET.toString(),
      threads: 0,
      cleanupDelaySeconds: 1,
    });
    try {
      return await compareAll(run, theirs, freeradius.version);
    } finally {
      await theirs.stop();
    }
  } catch (error) {
    if (!(error instanceof FreeradiusUnavailable)) throw error;
    run.say(`not run: ${error.message}`);
    return 3;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compareAll(run: DifferentialRun, theirs: RunningFreeradius, theirVersion: string): Promise<number> {
  const tally = new Tally();
  const ours = await startOurs(tally);
  const startedMs = performance.now();
  const judge = createOracle();
  const end = run.only === undefined ? run.packets : run.only + 1;
  let next = run.only ?? 0;
  try {
    await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        const address = `127.31.7.${lane + 1}`;
        const asker = await openVerdictAsker(address, SECRET, new Random(run.seed, 0x7000_0000 + lane));
        const maker = createPacketMaker(run.seed);
        try {
          for (let index = next++; index < end; index = next++) {
            await compareOne({ index, maker, address, asker, ours, theirs, judge, tally });
            if (index > 0 && index % SAY_EVERY === 0)
              run.say(`${index} of ${run.packets}, ${tally.totalFindings} findings`);
          }
        } finally {
          await asker.close();
        }
      }),
    );
  } finally {
    await ours.stop();
  }
  if (run.only !== undefined) {
    run.say(
      [...tally.counts.keys(), ...tally.findings.map((found) => describeFinding('differential', run.seed, found))].join(
        '\n',
      ),
    );
    return tally.totalFindings === 0 ? 0 : 1;
  }
  await keepFindings(run.root, 'differential', run.seed, tally.findings);
  for (const finding of tally.findings) run.say(describeFinding('differential', run.seed, finding));
  const seconds = (performance.now() - startedMs) / 1000;
  const shown = figures(tally, run.packets, seconds);
  const facts = { seed: run.seed, freeradius: theirVersion };
  return conclude({ ...run, name: 'fuzz-differential', figures: shown, facts });
}

function figures(tally: Tally, packets: number, seconds: number): Figure[] {
  const counts = [...tally.counts].sort(([a], [b]) => a.localeCompare(b));
  return [
    { name: 'packets', value: packets, unit: '' },
    { name: 'packets per second', value: Math.round(packets / seconds), unit: '/s' },
    { name: 'verdicts that differ, but for named reasons', value: tally.totalFindings, unit: '', atMost: 0 },
    ...counts.map(([name, value]) => ({ name, value, unit: '' })),
  ];
}

interface Trial {
  readonly index: number;
  readonly maker: (index: number) => Buffer;
  readonly address: string;
  readonly asker: VerdictAsker;
  readonly ours: Ours;
  readonly theirs: RunningFreeradius;
  readonly judge: Oracle;
  readonly tally: Tally;
}

async function compareOne({ index, maker, address, asker, ours, theirs, judge, tally }: Trial): Promise<void> {
  const packet = maker(index);
  const isAccounting = packet[0] === CODE.ACCOUNTING_REQUEST || (packet[0] !== CODE.ACCESS_REQUEST && index % 2 === 1);
  const theirVerdict = await asker.ask(HOST, isAccounting ? theirs.acctPort : theirs.authPort, packet);
  ours.reasons.delete(address);
  const ourVerdict = await asker.ask(HOST, isAccounting ? ours.acctPort : ours.authPort, packet);
  const we = ourVerdict === 'silent' ? (ours.reasons.get(address) ?? 'silent') : 'answered';
  const they = theirVerdict === 'silent' ? 'dropped' : 'answered';
  const judged = judge(packet);
  const { broken, detail } = judged;
  if ((ourVerdict === 'silent') === (theirVerdict === 'silent')) {
    tally.count(`the same: both ${they}`);
    return;
  }
  const name = nameOf(we, they, judged);
  if (name !== undefined) {
    tally.count(`named: ${name}`);
    return;
  }
  tally.found({
    kind: `we: ${we}, FreeRADIUS ${they}`,
    detail: broken === undefined ? `RFC-valid, code ${packet[0]}` : `${broken}: ${detail}`,
    index,
    datagram: packet,
  });
}

/** Mixed packets: half as a NAS sends them, most of the rest spoiled and signed again, some not or with another secret. */
export function createPacketMaker(seed: number): (index: number) => Buffer {
  const random = new Random(seed);
  const generator = createGenerator(CODES);
  const draft = createDraft();
  const other = createDraft();
  const requestAuthenticator = Buffer.alloc(16);
  const another = (): Draft => {
    generator.packet(random, other, SECRET);
    return other;
  };
  return (index) => {
    random.reseed(seed, index);
    const secret = random.chance(0.05) ? Buffer.from('a secret nobody has') : SECRET;
    generator.packet(random, draft, secret);
    const isSpoiled = random.chance(0.5);
    const isSignedAfter = !isSpoiled || random.chance(0.8);
    if (!isSignedAfter) signDraft(draft, secret, requestAuthenticator);
    if (isSpoiled) mutate(random, draft, another);
    if (isSignedAfter) signDraft(draft, secret, requestAuthenticator);
    return Buffer.from(draft.bytes.subarray(0, Math.min(draft.length, LARGEST_DATAGRAM)));
  };
}

interface Ours {
  readonly authPort: number;
  readonly acctPort: number;
  /** Why the last packet of a source address was dropped. */
  readonly reasons: Map<string, string>;
  stop(): Promise<void>;
}

async function startOurs(tally: Tally): Promise<Ours> {
  const reasons = new Map<string, string>();
  const observe: RadiusObserver = {
    received: () => undefined,
    verified: () => undefined,
    dropped: (reason, address) => void reasons.set(address, reason),
    replied: () => undefined,
    duplicate: () => undefined,
    handlerError: (error) =>
      tally.found({ kind: 'error in our server', detail: String(error), index: -1, datagram: Buffer.alloc(0) }),
    socketError: () => tally.count('socket errors'),
  };
  const nas = { id: 'differential', secrets: [SECRET], messageAuthenticator: 'optional' } as const;
  const server = (role: 'auth' | 'acct', code: number): RadiusServer =>
    createRadiusServer({
      role,
      host: HOST,
      port: 0,
      lookupNas: () => nas,
      handle: async () => ({ code, attributes: [] }),
      observe,
      clock: systemClock,
    });
  const auth = server('auth', CODE.ACCESS_ACCEPT);
  const acct = server('acct', CODE.ACCOUNTING_RESPONSE);
  const [{ port: authPort }, { port: acctPort }] = await Promise.all([auth.start(), acct.start()]);
  const stop = async (): Promise<void> =>
    void (await Promise.all([auth, acct].map((one) => one.stop({ drainMs: 500 }))));
  return { authPort, acctPort, reasons, stop };
}
