import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import type { RouterReads } from '../routers/router-reads.js';
import { createBulkActions, type BulkCall, type BulkRequest } from './bulk-actions.js';
import { context, hotspot, startProvisioningRig, type ProvisioningRig } from './provisioning-rig.js';

let testDatabase: TestDatabase;
let rig: ProvisioningRig;
/** Beside the simulated one. */
let other: string;

const nobody = '00000000-0000-7000-8000-000000000000';
const everywhere: BulkCall = { ...context, sites: null, signal: AbortSignal.timeout(30_000) };

beforeAll(async () => {
  testDatabase = await openTestDatabase();
});

afterAll(async () => {
  await testDatabase.drop();
});

beforeEach(async () => {
  rig = await startProvisioningRig(testDatabase);
  const row = { apiPort: 8728, apiUsername: 'turnpike', apiPassword: 'sealed', radiusSecret: 'sealed', site: 'Kilifi' };
  other = (await rig.database.db.router.create({ data: { name: `Kilifi ${rig.routerId}`, ...row } })).id;
});

afterEach(async () => {
  await rig.stop();
});

const connectivity: RouterReads['connectivity'] = async (id) => ({
  reachable: id === rig.routerId,
  steps: [{ step: 'login', ok: id === rig.routerId, ms: 3, detail: id === rig.routerId ? 'logged in' : 'no route' }],
  tlsFingerprint: null,
});

async function bulk(request: Partial<BulkRequest>, call = everywhere) {
  const actions = createBulkActions({ db: rig.database.db, provisioning: rig.service, reads: { connectivity } });
  return actions.run({ ids: [rig.routerId, other, nobody], action: 'verify', dryRun: false, ...request }, call);
}

const outcomes = ({ items }: Awaited<ReturnType<typeof bulk>>) => items.map(({ outcome, code }) => code ?? outcome);

describe('many routers at once', () => {
  test('are verified, each with its own answer', async () => {
    const answer = await bulk({});
    expect(answer).toMatchObject({ action: 'verify', accepted: 1, refused: 2 });
    expect(outcomes(answer)).toEqual(['done', 'router_unreachable', 'not_found']);
    expect(answer.items[1]).toMatchObject({ detail: 'no route' });
  });

  test('are deployed: one that is busy keeps the others from nothing', async () => {
    const { runId } = await rig.service.deploy(other, [hotspot()], context);
    const answer = await bulk({ action: 'deploy', services: [hotspot()] });
    expect(outcomes(answer)).toEqual(['queued', 'router_busy', 'not_found']);
    await rig.carryOut(answer.items[0]?.runId ?? '');
    expect(await rig.service.status(rig.routerId)).toMatchObject({ state: 'succeeded' });
    expect(await rig.service.status(other)).toMatchObject({ runId, state: 'queued' });
  });

  test('are reset', async () => {
    await rig.deploy([hotspot()]);
    expect(outcomes(await bulk({ action: 'reset' }))).toEqual(['done', 'done', 'not_found']);
    expect(await rig.service.status(rig.routerId)).toMatchObject({ state: 'not_started' });
  });

  test('a dry run says which it would be and changes nothing', async () => {
    await rig.service.deploy(other, [hotspot()], context);
    const answer = await bulk({ action: 'deploy', services: [hotspot()], dryRun: true });
    expect(outcomes(answer)).toEqual(['would', 'router_busy', 'not_found']);
    expect(answer).toMatchObject({ dryRun: true, accepted: 1, refused: 2 });
    expect(await rig.service.status(rig.routerId)).toMatchObject({ state: 'not_started' });
    expect(await rig.outbox()).toEqual([]);
  });

  test('a deploy without services is refused as a whole, naming the field', async () => {
    await expect(bulk({ action: 'deploy' })).rejects.toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'services' }],
    });
  });

  test('those of other sites are not there, and one that is named twice is done once', async () => {
    const call = { ...everywhere, sites: ['Kilifi'] };
    const answer = await bulk({ ids: [rig.routerId, other, other], action: 'reset' }, call);
    expect(outcomes(answer)).toEqual(['not_found', 'done']);
    expect(answer.items[0]?.name).toBeNull();
  });
});
