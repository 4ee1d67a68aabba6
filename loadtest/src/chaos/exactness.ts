import { runName } from '../radius-scenarios.js';
import { createAccountingPackets } from '../radius/accounting-packets.js';
import { AccountingPlan } from '../radius/accounting-plan.js';
import { AckBook } from '../radius/ack-book.js';
import { CODE } from '@turnpike/radius/attributes.js';
import { runGenerator, type Feeder } from '../radius/generator.js';
import { createSigner } from '../radius/one-shot.js';
import { createPacketWriter } from '../radius/packet-writer.js';
import { collectClasses } from '../radius/session-classes.js';
import { tellRate } from '../radius/tell-rate.js';
import type { Figure } from '../results.js';
import { withOwnInstance } from './own-instance.js';
import type { ChaosContext } from './scenario.js';
import { shuffle, type Random } from './seeded-random.js';
import { settleLedger } from './settle-ledger.js';
import { startUdpProxy } from './udp-proxy.js';

/** A Start, six interim updates, a Stop. */
const STEPS = 8;
const WRAPS = 3;
const MOST_COPIES = 5;
const LOSS = 0.2;
const DUPLICATES = 0.05;
const MAX_DELAY_MS = 50;
export const EXACTNESS_WHOLE = { SESSIONS: 20_000 };
const RATE = 3_000;
const SLOTS = 4_096;
/** Until it is answered: of two ways with 20 % loss each, one in three is lost. */
const RETRY = { afterMs: 1_000, tries: 40 };
const LIMIT_MS = 3_600_000;
const BYTES_EACH = 640;

/** Every packet one to five times, all in random order, through a network that loses a fifth each way. */
export async function exactness(context: ChaosContext): Promise<Figure[]> {
  const { config, say, signal, random } = context;
  const sessions = config.SESSIONS ?? EXACTNESS_WHOLE.SESSIONS;
  return withOwnInstance(context, async (own) => {
    const target = await own.prepare({ customers: sessions });
    const plan = new AccountingPlan({
      run: runName(),
      customers: target.customers,
      active: sessions,
      steps: STEPS,
      wraps: WRAPS,
    });
    say(`logging ${sessions.toLocaleString('en')} sessions in, for their Class`);
    const classOf = await collectClasses({ target, plan, sessions, say, signal });
    const order = copiesInRandomOrder(sessions * STEPS, random);
    const proxy = await startUdpProxy({
      target: { host: target.host, port: target.acctPort },
      bindAddress: target.nasAddress,
      toTarget: { loss: LOSS, duplicate: DUPLICATES, maxDelayMs: MAX_DELAY_MS },
      fromTarget: { loss: LOSS, duplicate: DUPLICATES, maxDelayMs: MAX_DELAY_MS },
      random,
    });
    const signer = createSigner(Buffer.from(target.secret));
    const startedAt = new Date();
    // The same in every copy, or the copies would be different packets.
    const now = (): number => startedAt.getTime();
    const packets = createAccountingPackets({ ...target, writer: createPacketWriter(signer), plan, classOf, now });
    const book = new AckBook(sessions * STEPS);
    const feeder = createCopies(order, packets, book);
    say(
      `${order.length.toLocaleString('en')} packets of ${sessions.toLocaleString('en')} sessions through the proxy, seed ${context.seed}`,
    );
    const stop = tellRate(say, () => book.ackedCount);
    const perSecond = config.RATE ?? RATE;
    const result = await runGenerator({
      host: '127.0.0.1',
      port: proxy.port,
      nasAddress: target.nasAddress,
      signer,
      lanes: [{ feeder, slots: SLOTS, allowance: (elapsedMs) => (elapsedMs / 1000) * perSecond }],
      durationMs: LIMIT_MS,
      retry: RETRY,
      signal,
    }).finally(async () => {
      stop();
      // Its sockets would keep a run that was ended from ending.
      await proxy.close();
    });
    signal.throwIfAborted();
    const { toTarget, fromTarget } = proxy.counts;
    const { figures } = await settleLedger(context, own.instance.postgresUrl, { plan, book, startedAt });
    const [lane] = result.lanes;
    return [
      { name: 'different packets', value: sessions * STEPS, unit: '' },
      { name: 'of them acknowledged', value: book.ackedCount, unit: '', atLeast: sessions * STEPS },
      { name: 'copies sent', value: order.length, unit: '' },
      { name: 'sent again', value: lane?.retransmitted ?? 0, unit: '' },
      { name: 'lost on the way to the service', value: toTarget.lost, unit: '', atLeast: 1 },
      { name: 'lost on the way back', value: fromTarget.lost, unit: '', atLeast: 1 },
      { name: 'doubled on the way', value: toTarget.duplicated + fromTarget.duplicated, unit: '' },
      ...figures,
    ];
  });
}

/** Packet numbers, each as often as it is to be sent, in random order. */
function copiesInRandomOrder(packets: number, random: Random): Uint32Array {
  const copies: number[] = [];
  for (let packet = 0; packet < packets; packet += 1) {
    const times = 1 + Math.floor(random() * MOST_COPIES);
    for (let copy = 0; copy < times; copy += 1) copies.push(packet);
  }
  return shuffle(Uint32Array.from(copies), random);
}

function createCopies(order: Uint32Array, packets: ReturnType<typeof createAccountingPackets>, book: AckBook): Feeder {
  let turn = 0;
  return {
    load(slot) {
      const packet = order[turn];
      if (packet === undefined) return false;
      turn += 1;
      if (slot.buffer.length === 0) slot.buffer = Buffer.alloc(BYTES_EACH);
      slot.number = packet;
      slot.offset = 0;
      slot.length = packets.write(packet, slot.identifier, slot.buffer, 0);
      book.sent(packet);
      return true;
    },
    answered(slot, reply) {
      if (reply[0] === CODE.ACCOUNTING_RESPONSE) book.acked(slot.number);
    },
    lost: () => undefined,
  };
}
