import { createLogger } from '@turnpike/runtime/logger.js';
import type { CreateRouterBody } from '@turnpike/contracts/routers.js';
import { byOperator, openRouterRig, type RouterRig } from '../routers/router-rig.js';
import { ROUTERS_CACHE_TAG } from '../routers/routers.service.js';
import { findNasTarget } from './nas-target.js';
import { nasJobs } from './nas.jobs.js';

let rig: RouterRig;

const HOTSPOT = { type: 'hotspot', interfaces: ['ether2'] };

beforeAll(async () => {
  rig = await openRouterRig();
});

afterAll(async () => {
  await rig.close();
});

afterEach(async () => {
  await rig.forget();
});

async function addRouter(body: Partial<CreateRouterBody> = {}, deployed = false): Promise<string> {
  const id = await rig.add({ address: '10.0.0.1', ...body });
  if (deployed) await rig.db.router.update({ where: { id }, data: { deployedServices: [HOTSPOT] } });
  return id;
}

const rotate = (id: string, force = false) => rig.rotation.rotate(id, { force }, byOperator);

/** Live secrets, the current one first. */
async function secrets(id: string): Promise<string[]> {
  const row = await rig.row(id);
  const open = (sealed: string, column: string) => rig.secretBox.open(sealed, { table: 'router', row: id, column });
  const current = open(row.radiusSecret, 'radius_secret');
  const previous = row.previousRadiusSecret;
  return previous === null ? [current] : [current, open(previous, 'previous_radius_secret')];
}

async function triedFirst(id: string): Promise<string | undefined> {
  return (await findNasTarget(rig.db, rig.secretBox, id))?.secrets[0]?.toString();
}

const secondsOn = (seconds: number) => new Date(rig.clock.now().getTime() + seconds * 1_000);

async function used(routerId: string, facts: { currentUsedAt?: Date | null; previousUsedAt?: Date | null }) {
  await rig.db.nasActivity.upsert({ where: { routerId }, create: { routerId, ...facts }, update: facts });
}

const audited = async (action: string) =>
  rig.db.auditEntry.findMany({ where: { action }, orderBy: { id: 'desc' }, take: 1 });

describe('rotating a RADIUS secret', () => {
  test('R13: makes a new secret current and keeps the old one valid; RADIUS is told at once', async () => {
    const id = await addRouter();
    const [old] = await secrets(id);
    const told = rig.seen.nasChanges;
    const { runId, script } = await rotate(id);
    const [current, previous] = await secrets(id);
    expect(previous).toBe(old);
    expect(current).toMatch(/^[a-z2-9]{32}$/);
    expect(current).not.toBe(old);
    expect(runId).toBeNull();
    expect(script).toBe(`/radius set [find address=10.255.0.1] secret=${current}`);
    expect(rig.seen.nasChanges).toBe(told + 1);
    expect(await rig.routers.get(id)).toMatchObject({
      radius: { rotation: { since: rig.clock.now().toISOString(), previousStillUsed: false } },
    });
  });

  test('R13: when which secret was used moves along, so that the old one is still tried first', async () => {
    const id = await addRouter();
    const [old] = await secrets(id);
    await used(id, { currentUsedAt: secondsOn(-5) });
    await rotate(id);
    expect(await rig.db.nasActivity.findUnique({ where: { routerId: id } })).toMatchObject({
      currentUsedAt: null,
      previousUsedAt: secondsOn(-5),
    });
    expect(await triedFirst(id)).toBe(old);
    await used(id, { currentUsedAt: secondsOn(1) });
    expect(await triedFirst(id)).toBe((await secrets(id))[0]);
    expect(await rig.routers.get(id)).toMatchObject({ radius: { rotation: { previousStillUsed: true } } });
  });

  test('R13: a router with services of ours gets the new secret by a run, in the same transaction, and nothing is shown', async () => {
    const id = await addRouter({}, true);
    const { runId, script } = await rotate(id);
    expect(script).toBeNull();
    const run = await rig.db.provisioningRun.findUniqueOrThrow({ where: { id: runId ?? '' } });
    expect(run).toMatchObject({ routerId: id, state: 'queued', requestedBy: byOperator.actor });
    expect(run.services).toEqual([expect.objectContaining(HOTSPOT)]);
    expect(await rig.jobs('provisioning.run')).toEqual([{ runId }]);
    expect(rig.events).toContainEqual(expect.objectContaining({ type: 'provisioning', routerId: id }));
  });

  test('R13: nothing is rotated while a run is at work on the router', async () => {
    const id = await addRouter({}, true);
    const before = await secrets(id);
    await rig.db.provisioningRun.create({
      data: { routerId: id, services: [HOTSPOT], requestedBy: 'x', state: 'applying' },
    });
    await expect(rotate(id)).rejects.toMatchObject({ code: 'router_busy' });
    expect(await secrets(id)).toEqual(before);
  });

  test.each([
    ['without an address', { address: null }],
    ['that refused our credentials', { loginFailures: 2 }],
  ])('R13: a router %s is told of by a line to paste, whatever is deployed', async (_what, data) => {
    const id = await addRouter({}, true);
    await rig.db.router.update({ where: { id }, data });
    const { runId, script } = await rotate(id);
    expect(runId).toBeNull();
    expect(script).toContain((await secrets(id))[0]);
  });

  test('R13: a second one is refused while the first is under way, and forced keeps the secret in use', async () => {
    const id = await addRouter();
    const [first] = await secrets(id);
    await rotate(id);
    const [second] = await secrets(id);
    await expect(rotate(id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await secrets(id)).toEqual([second, first]);
    rig.clock.advance(1_000);
    await rotate(id, true);
    const [third, kept] = await secrets(id);
    expect(kept).toBe(first);
    await used(id, { currentUsedAt: secondsOn(1) });
    rig.clock.advance(5_000);
    await rotate(id, true);
    expect((await secrets(id))[1]).toBe(third);
  });

  test('S8: is audited without the secret, which is in no row in the clear', async () => {
    const id = await addRouter();
    await rotate(id);
    const [entry] = await audited('router.rotate-radius-secret');
    expect(entry).toMatchObject({ actor: byOperator.actor, subjectId: id, details: { force: false, runId: null } });
    const dump = JSON.stringify([await rig.db.$queryRaw`SELECT * FROM router`, entry?.details]);
    for (const secret of await secrets(id)) expect(dump).not.toContain(secret);
  });

  test('what does not exist, or was deleted, is not found', async () => {
    await expect(rotate('0190b5c1-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' });
    const id = await addRouter();
    await rotate(id);
    await rig.routers.remove(id, byOperator);
    await expect(rotate(id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await rig.row(id)).previousRadiusSecret).toBeNull();
  });
});

describe('ending a rotation', () => {
  const jobs = () =>
    nasJobs({
      transact: rig.transact,
      clock: rig.clock,
      logger: createLogger({ level: 'silent', role: 'test', instance: '0' }),
      announceNasChange: async () => {
        rig.seen.nasChanges += 1;
      },
      routerChanged: () => rig.cache.invalidateTags([ROUTERS_CACHE_TAG]),
    });
  const logger = createLogger({ level: 'silent', role: 'test', instance: '0' });
  const sweep = () =>
    jobs()['nas.retire-secrets']({}, { signal: AbortSignal.timeout(5_000), attempt: 1, jobId: 'j', logger });
  const live = async (id: string) => (await secrets(id)).length;

  test('R13: the previous secret goes once the current one is used and it was not for ten minutes', async () => {
    const id = await addRouter();
    await rotate(id);
    const [current] = await secrets(id);
    await used(id, { currentUsedAt: secondsOn(5), previousUsedAt: secondsOn(60) });
    rig.clock.advance(10 * 60_000 + 59_000);
    await sweep();
    expect(await live(id)).toBe(2);
    rig.clock.advance(2_000);
    const told = rig.seen.nasChanges;
    await rig.routers.get(id);
    await sweep();
    expect(await secrets(id)).toEqual([current]);
    expect(rig.seen.nasChanges).toBe(told + 1);
    expect((await rig.routers.get(id)).radius.rotation).toBeNull();
    expect(await audited('router.retire-radius-secret')).toMatchObject([{ actor: 'system', subjectId: id }]);
    await sweep();
    expect(rig.seen.nasChanges).toBe(told + 1);
  });

  test('R13: it stays while the router does not use the current one, however long', async () => {
    const [silent, old] = [await addRouter(), await addRouter()];
    await rotate(silent);
    await rotate(old);
    await used(old, { currentUsedAt: null, previousUsedAt: secondsOn(1) });
    rig.clock.advance(30 * 86_400_000);
    await sweep();
    expect([await live(silent), await live(old)]).toEqual([2, 2]);
  });

  test('R13: it stays for ten minutes at least, also when nobody used it', async () => {
    const id = await addRouter();
    await rotate(id);
    await used(id, { currentUsedAt: secondsOn(1) });
    rig.clock.advance(10 * 60_000 - 1_000);
    await sweep();
    expect(await live(id)).toBe(2);
    rig.clock.advance(2_000);
    await sweep();
    expect(await live(id)).toBe(1);
  });
});
