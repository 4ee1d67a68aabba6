import type { JobContext } from '@turnpike/queue/runner.js';
import type { EnqueueOptions, Producer } from '@turnpike/queue/producer.js';
import { createLogger } from '@turnpike/runtime/logger.js';
import type { ScriptedRouter } from '@turnpike/testkit/scripted-router.js';
import { routerJobs } from './router.jobs.js';
import { anySignal, openRouterRig, startBoard, type RouterRig } from './router-rig.js';

let rig: RouterRig;
const enqueued: EnqueueOptions[] = [];
const boards: ScriptedRouter[] = [];
const producer: Producer = {
  enqueue: async (_job, _payload, options) => void enqueued.push(options),
  counts: async () => [],
  close: async () => undefined,
};

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  enqueued.length = 0;
  await Promise.all(boards.splice(0).map((router) => router.stop()));
  await rig.forget();
});

const context = (jobId: string): JobContext => ({
  signal: anySignal,
  attempt: 1,
  jobId,
  logger: createLogger({ level: 'silent', role: 'test', instance: 'test' }),
});

/** Does the job and all that follow from it, however long they are to wait; gives how long. `before` is called before each. */
async function probeAll(
  routerId: string,
  jobId: string,
  before: (look: number) => Promise<void> = async () => undefined,
) {
  const plan = async (): Promise<never> => Promise.reject(new Error('nothing is planned here'));
  const probe = routerJobs({ monitor: rig.monitor, reads: rig.reads, plan, producer, clock: rig.clock })[
    'router.probe'
  ];
  await probe({ routerId }, context(jobId));
  for (let look = 0; look < enqueued.length; look += 1) {
    await before(look);
    await probe({ routerId }, context(enqueued[look]?.jobId ?? ''));
  }
  return enqueued.map(({ delayMs }) => delayMs);
}

async function gone() {
  const { router, address } = await startBoard();
  await router.stop();
  return rig.add(address);
}

describe('the first look at a router', () => {
  test('that comes too early is repeated within seconds, and then it is online', async () => {
    const id = await gone();
    const { router } = await startBoard();
    boards.push(router);
    const waits = await probeAll(id, 'job', async (look) => {
      if (look > 0) await rig.db.router.update({ where: { id }, data: { apiPort: router.port } });
    });
    expect(waits).toEqual([2_000, 4_000]);
    expect(await rig.row(id)).toMatchObject({ status: 'online', lastError: null });
  });

  test('is left to the poller after some tries, each of them a job of its own', async () => {
    const waits = await probeAll(await gone(), 'job');
    expect(waits).toEqual([2_000, 4_000, 8_000, 8_000]);
    expect(enqueued.map(({ jobId }) => jobId)).toEqual(['look-1-job', 'look-2-job', 'look-3-job', 'look-4-job']);
  });

  test('is not repeated when the router refuses our login, nor are the rounds of the poller', async () => {
    const { router, address } = await startBoard();
    boards.push(router);
    const id = await rig.add({ ...address, apiPassword: 'not the one' });
    expect(await probeAll(id, 'job')).toEqual([]);
    expect(await probeAll(await gone(), 'poll-1')).toEqual([]);
  });
});
