import { createServer, type Server, type ServerResponse } from 'node:http';
import { createLogger } from '../logger.js';
import { createMetrics, type Metrics } from '../metrics.js';
import { createOtlpTracing } from './otlp-tracing.js';
import type { TracingSettings } from './tracing-environment.js';
import type { Tracing } from './tracing.js';

/** Than a process that ends waits. */
const LITTLE_LONGER_MS = 2_200;

let server: Server;
let url: string;
let metrics: Metrics;
let asked: number;
/** How the endpoint answers; undefined: not before the test is over. */
let status: number | undefined;
let unanswered: ServerResponse[];

beforeEach(async () => {
  [asked, status, unanswered] = [0, 200, []];
  metrics = createMetrics({ role: 'test', instance: '0', processMetrics: false });
  server = createServer((request, response) => {
    asked += 1;
    request.resume();
    if (status === undefined) unanswered.push(response);
    else answer(response, status);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1/traces`;
});

afterEach(async () => {
  unanswered.forEach((response) => answer(response, 200));
  await new Promise((resolve) => server.close(resolve));
});

function answer(response: ServerResponse, code: number): void {
  response.writeHead(code, { 'content-type': 'application/json', connection: 'close' }).end('{}');
}

function open(more: Partial<TracingSettings> = {}): Tracing {
  const common = { url, headers: {}, timeoutMs: 10_000, sendEveryMs: 600_000, resource: {} };
  const settings: TracingSettings = { ...common, sampler: 'parentbased_always_on', ratio: 1, ...more };
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  return createOtlpTracing({ settings, role: 'test', instance: '0', metrics, logger });
}

async function dropped(reason: string): Promise<number | undefined> {
  const { values } = (await metrics.registry.getSingleMetric('turnpike_traces_spans_dropped_total')?.get()) ?? {
    values: [],
  };
  return values.find(({ labels }) => labels['reason'] === reason)?.value;
}

/** Whichever came first, the end of the process or of the endpoint's time. */
async function undelivered(): Promise<number> {
  return ((await dropped('stop')) ?? 0) + ((await dropped('endpoint')) ?? 0);
}

async function sent(): Promise<number | undefined> {
  return (await metrics.registry.getSingleMetric('turnpike_traces_spans_sent_total')?.get())?.values[0]?.value;
}

const tell = (tracing: Tracing, count: number): void => {
  for (let n = 0; n < count; n += 1) tracing.start('span', { begins: true }).end();
};

test('what waits is sent before the process ends', async () => {
  const tracing = open();
  tell(tracing, 3);
  await tracing.stop();
  expect([await sent(), await dropped('stop'), asked]).toEqual([3, 0, 1]);
});

test('an endpoint that never answers keeps no process from ending, and what waited for it is counted', async () => {
  status = undefined;
  const tracing = open({ timeoutMs: LITTLE_LONGER_MS });
  tell(tracing, 3);
  await tracing.stop();
  expect([await sent(), await undelivered()]).toEqual([0, 3]);
});

test('a process may be told to end twice', async () => {
  const tracing = open();
  tell(tracing, 1);
  await Promise.all([tracing.stop(), tracing.stop()]);
  await tracing.stop();
  tell(tracing, 1);
  expect([await sent(), await dropped('stop')]).toEqual([1, 0]);
});

test('what the endpoint refuses is dropped and counted', async () => {
  status = 400;
  const tracing = open();
  tell(tracing, 2);
  await tracing.stop();
  expect([await sent(), await dropped('endpoint'), await dropped('stop')]).toEqual([0, 2, 0]);
});

test('more than can wait is dropped at once and counted', async () => {
  status = undefined;
  const tracing = open({ timeoutMs: LITTLE_LONGER_MS });
  // One batch is under way, as many as may wait are waiting.
  tell(tracing, 512 + 2_048 + 7);
  expect(await dropped('queue')).toBe(7);
  await tracing.stop();
  expect(await undelivered()).toBe(512 + 2_048);
});

test('what is not sampled is neither sent nor counted, and what nobody asked for begins no trace', async () => {
  const tracing = open({ sampler: 'parentbased_traceidratio', ratio: 0 });
  tell(tracing, 3);
  expect(tracing.start('a sweep', {}).spanContext().traceId).toMatch(/^0+$/);
  await tracing.stop();
  expect([await sent(), asked]).toEqual([0, 0]);
});
