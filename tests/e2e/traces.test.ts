import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { jest } from '@jest/globals';
import { formatTraceparent, parseTraceparent } from '@turnpike/core/traceparent.js';
import { createAccessTrace } from '@turnpike/features/access/access-trace.js';
import type { DarajaHttp } from '@turnpike/features/payments/mpesa/daraja-http.js';
import { tracedDarajaHttp } from '@turnpike/features/payments/mpesa/traced-daraja-http.js';
import { openTracing } from '@turnpike/runtime/tracing/open-tracing.js';
import { tracingEnvironment, tracingSettings } from '@turnpike/runtime/tracing/tracing-environment.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { z } from 'zod';
import { createLogger } from '@turnpike/runtime/logger.js';
import { createMetrics, type Metrics } from '@turnpike/runtime/metrics.js';
import { startSpanCollector, type CollectedSpan, type SpanCollector } from './span-collector.js';
import { openTracedSystem, type TracedSystem } from './traced-system.js';
import { until } from './until.js';

jest.setTimeout(120_000);

const SOON_MS = 60_000;
const MSISDN = '254712345678';

let collector: SpanCollector;
let system: TracedSystem;
let toMpesa: IncomingMessage[];
const opened: Tracing[] = [];

async function traced(role: string, endpoint: string, metrics = silentMetrics(role)): Promise<Tracing> {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
  };
  const settings = tracingSettings(z.object(tracingEnvironment).parse(env));
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const tracing = await openTracing({ settings, role, instance: '0', metrics, logger });
  opened.push(tracing);
  return tracing;
}

function silentMetrics(role: string): Metrics {
  return createMetrics({ role, instance: '0', processMetrics: false });
}

function noteRequest(message: unknown): void {
  const request = typeof message === 'object' && message !== null && 'request' in message ? message.request : undefined;
  const isMpesa =
    request instanceof IncomingMessage && request.socket.localPort === Number(new URL(system.mpesaUrl).port);
  if (isMpesa) toMpesa.push(request);
}

beforeAll(async () => {
  toMpesa = [];
  collector = await startSpanCollector();
  const { url } = collector;
  system = await openTracedSystem({
    api: await traced('api', url),
    worker: await traced('worker', url),
    radius: await traced('radius', url),
  });
  subscribe('http.server.request.start', noteRequest);
});

afterAll(async () => {
  unsubscribe('http.server.request.start', noteRequest);
  await system.close();
  await Promise.all(opened.map((each) => each.stop()));
  await collector.close();
});

const within = (traceId: string): CollectedSpan[] => collector.spans.filter((span) => span.traceId === traceId);

/** `name` below `parent` below its parent and so on, as far as it was told. */
function pathOf(span: CollectedSpan): string[] {
  const parent = within(span.traceId).find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [...pathOf(parent), span.name];
}

const PURCHASE = 'POST /api/v1/portal/purchases';
const ACTIVATE = [PURCHASE, 'payment settle', 'entitlement activate'];
const EXPIRE = [...ACTIVATE, 'entitlement expire', 'send session.disconnect', 'process session.disconnect'];
/** In the order in which they begin. */
const STORY: readonly (readonly [service: string, path: readonly string[]])[] = [
  ['turnpike-api', [PURCHASE]],
  ['turnpike-worker', [PURCHASE, 'send payment.request']],
  ['turnpike-worker', [PURCHASE, 'send payment.request', 'process payment.request']],
  [
    'turnpike-worker',
    [PURCHASE, 'send payment.request', 'process payment.request', 'M-Pesa POST /mpesa/stkpush/v1/processrequest'],
  ],
  ['turnpike-worker', [PURCHASE, 'payment settle']],
  ['turnpike-worker', ACTIVATE],
  ['turnpike-radius', [...ACTIVATE, 'RADIUS Access-Request']],
  ['turnpike-worker', [...ACTIVATE, 'accounting start']],
  ['turnpike-worker', [...ACTIVATE, 'entitlement expire']],
  ['turnpike-worker', EXPIRE],
  ['turnpike-worker', [...EXPIRE, 'RADIUS Disconnect-Request']],
];

test('a purchase is one trace from the tap on "buy" over settlement and Access-Accept to the end of what was bought', async () => {
  const bought = await system.buy(MSISDN);
  const caller = parseTraceparent(bought.traceparent);
  const traceId = caller?.traceId ?? '';
  const { username, password } = await system.paid(bought.reference);
  const phone = system.router.phone();
  expect(await phone.login({ username, password })).toMatchObject({ online: true });
  const payment = await system.db.payment.findUniqueOrThrow({ where: { reference: bought.reference } });
  expect(payment.traceparent).toBe(bought.traceparent);
  const entitlementId = payment.entitlementId ?? '';
  const named = (name: string) => within(traceId).find((span) => span.name === name);
  await until('the session being told of', SOON_MS, () => named('accounting start'));
  await system.db.entitlement.update({ where: { id: entitlementId }, data: { endsAt: new Date() } });
  await until('the phone being offline', SOON_MS, () => phone.status !== 'online' || undefined);
  const told = STORY.map(([, path]) => path.at(-1) ?? '');
  await until('the end being told', SOON_MS, () => told.every((name) => named(name) !== undefined) || undefined);

  expect(STORY.map(([, path]) => named(path.at(-1) ?? '')).map((span) => span && [span.service, pathOf(span)])).toEqual(
    STORY,
  );
  const starts = told.map((name) => BigInt(named(name)?.startTimeUnixNano ?? 0));
  expect(starts.toSorted((a, b) => Number(a - b))).toEqual(starts);
  expect(named('RADIUS Access-Request')?.attributes).toMatchObject({
    'turnpike.radius.reply': 'Access-Accept',
    'turnpike.entitlement.id': entitlementId,
    'turnpike.router.id': system.routerId,
  });
  expect(named('RADIUS Disconnect-Request')?.attributes).toMatchObject({ 'turnpike.radius.reply': 'Disconnect-ACK' });

  // The callback is a trace of its own, as M-Pesa began it; the two name each other.
  const settle = named('payment settle');
  const [link] = settle?.links ?? [];
  const callback = within(link?.traceId ?? '');
  await until('the callback being told of', SOON_MS, () => within(link?.traceId ?? '').length >= 3 || undefined);
  expect(callback.length).toBeGreaterThan(0);
  const names = within(link?.traceId ?? '').map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^POST \/api\/v1\/payments\/.*\{token\}/),
      'process payment.message',
    ]),
  );
  const links = within(link?.traceId ?? '').flatMap((span) => span.links.map((each) => each.traceId));
  expect(links).toContain(traceId);
});

test.each([
  ['/portal/wait/a-reference-that-nobody-has', 'GET /portal/wait/{reference}'],
  ['/portal/0712345678', 'GET /portal/unknown'],
  ['/api/v1/portal/purchases/a-reference-that-nobody-has', 'GET /api/v1/portal/purchases/{reference}'],
])('the page %s is a span by its route: %s', async (path, name) => {
  const response = await fetch(system.base + path);
  const traceId = parseTraceparent(response.headers.get('traceparent'))?.traceId ?? '';
  const [span] = await until('the page being told of', SOON_MS, () => {
    const spans = within(traceId);
    return spans.length > 0 ? spans : undefined;
  });
  expect([span?.name, span?.attributes['http.response.status_code']]).toEqual([name, String(response.status)]);
});

test('nothing about people or secrets is in a span, and M-Pesa is told of no trace', async () => {
  const all = JSON.stringify(collector.spans);
  expect(collector.spans.length).toBeGreaterThan(10);
  for (const secret of [MSISDN, '0712345678', ...system.secrets]) expect(all).not.toContain(secret);
  expect(toMpesa.length).toBeGreaterThan(0);
  expect(toMpesa.filter(({ headers }) => 'traceparent' in headers || 'tracestate' in headers)).toEqual([]);
});

test('a caller that names its trace is answered in it, and one that does not sample it is not recorded', async () => {
  const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
  const recorded = await system.buy('254712345679', formatTraceparent({ ...caller, traceFlags: 1 }));
  expect(parseTraceparent(recorded.traceparent)?.traceId).toBe(caller.traceId);
  const purchase = await until('the request being told of', SOON_MS, () =>
    within(caller.traceId).find(({ name }) => name === PURCHASE),
  );
  expect(purchase.parentSpanId).toBe(caller.spanId);

  const silent = { ...caller, traceId: 'a'.repeat(32) };
  const unrecorded = await system.buy('254712345680', formatTraceparent({ ...silent, traceFlags: 0 }));
  expect(unrecorded.traceparent).toMatch(/-00$/);
  await system.paid(unrecorded.reference);
  const payment = await system.db.payment.findUniqueOrThrow({ where: { reference: unrecorded.reference } });
  const given = await system.db.entitlement.findUniqueOrThrow({ where: { id: payment.entitlementId ?? '' } });
  expect([payment.traceparent, given.traceparent]).toEqual([
    expect.stringMatching(new RegExp(`^00-${silent.traceId}-.*-00$`)),
    expect.stringMatching(new RegExp(`^00-${silent.traceId}-.*-00$`)),
  ]);
  expect(within(silent.traceId)).toEqual([]);
});

test('while the endpoint is away everything works, and what could not be delivered is counted', async () => {
  const metrics = silentMetrics('api');
  const tracing = await traced('api', `http://127.0.0.1:${await closedPort()}`, metrics);
  const api = await system.startAnother(tracing);
  const bought = await system.buy('254712345681', undefined, api.base);
  expect((await system.paid(bought.reference)).username).not.toBe('');
  await api.stop();
  await tracing.stop();
  expect(await valueOf(metrics, 'turnpike_traces_spans_dropped_total')).toBeGreaterThan(0);
  expect(await valueOf(metrics, 'turnpike_traces_spans_sent_total')).toBe(0);
});

test('while traces are off no request is traced, and nothing of a trace is stored', async () => {
  const settings = tracingSettings(z.object(tracingEnvironment).parse({}));
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const options = { settings, role: 'api', instance: '0', metrics: silentMetrics('api'), logger };
  expect(await openTracing(options)).toBe(noTracing);
  // Neither does a packet of RADIUS cost anything for traces, nor a call of M-Pesa.
  expect(createAccessTrace(noTracing)).toBeUndefined();
  const http: DarajaHttp = () => Promise.reject(new Error('nobody is asked'));
  expect(tracedDarajaHttp(noTracing, http)).toBe(http);
  const api = await system.startAnother(noTracing);
  const header = formatTraceparent({ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16), traceFlags: 1 });
  const bought = await system.buy('254712345682', header, api.base);
  expect(bought.traceparent).toBeNull();
  const payment = await system.db.payment.findUniqueOrThrow({ where: { reference: bought.reference } });
  expect(payment.traceparent).toBeNull();
  const jobs = await system.db.outboxMessage.findMany({ where: { payload: { equals: { paymentId: payment.id } } } });
  expect(jobs.map(({ traceparent }) => traceparent)).toEqual([null]);
  await api.stop();
});

async function valueOf(metrics: Metrics, name: string): Promise<number> {
  const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
  return values.reduce((sum, { value }) => sum + value, 0);
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}
