import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { NewVoucherBatch, VoucherFormat } from '@turnpike/contracts/vouchers.js';
import { byOperator, openShop, type Shop } from '../entitlements/shop-rig.js';
import { batchFile } from './batch-file.js';

/** Of the processor, as tests run beside others: the figures that hold on a quiet machine are those of the load test. */
const MOST_CPU_MS = 30_000;
const MOST_BLOCKED_MS = 400;
const MOST_GROWTH_BYTES = 250e6;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(async () => {
  await shop.close();
});

async function sizeOf(batch: NewVoucherBatch, format: VoucherFormat): Promise<number> {
  const { signal } = new AbortController();
  let size = 0;
  for await (const chunk of batchFile(batch, { format, publicUrl: 'http://127.0.0.1', signal })?.content ?? []) {
    size += chunk.length;
  }
  return size;
}

test('10,000 codes are made and printed while other requests go on', async () => {
  const { id: packageId } = await shop.newPackage();
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 2 });
  const used = process.cpuUsage();
  delay.enable();
  const batch = await shop.vouchers.createBatch({ packageId, count: 10_000 }, byOperator);
  const size = await sizeOf(batch, 'pdf-a4');
  delay.disable();
  const { user, system } = process.cpuUsage(used);
  expect(size).toBeGreaterThan(1e6);
  expect((user + system) / 1_000).toBeLessThan(MOST_CPU_MS);
  // Not the longest: a stall of a busy machine is not ours.
  expect(delay.percentile(90) / 1e6).toBeLessThan(MOST_BLOCKED_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH_BYTES);
}, 240_000);
