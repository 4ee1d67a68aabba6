import { systemClock } from '@turnpike/core/clock.js';
import { openTestDatabase, type TestDatabase } from '@turnpike/testkit/test-database.js';
import { context, hotspot, startProvisioningRig, type ProvisioningRig } from '../provisioning/provisioning-rig.js';
import { findNasTarget } from './nas-target.js';
import { createSecretRotation } from './secret-rotation.js';

let testDatabase: TestDatabase;
let rig: ProvisioningRig;

beforeAll(async () => {
  testDatabase = await openTestDatabase();
  rig = await startProvisioningRig(testDatabase);
});

afterAll(async () => {
  await rig.stop();
  await testDatabase.drop();
});

async function liveSecrets(): Promise<string[]> {
  const target = await findNasTarget(rig.database.db, rig.secretBox, rig.routerId);
  return (target?.secrets ?? []).map(String);
}

const onRouter = () => rig.router.rows('/radius').map((row) => row['secret']);

describe('a router with services of ours', () => {
  test('R13: takes over the new secret by one write of a run, and that one is then tried first', async () => {
    await rig.deploy([hotspot()]);
    const [old] = onRouter();
    const rotation = createSecretRotation({
      transact: rig.database.transact,
      secretBox: rig.secretBox,
      clock: systemClock,
      redeploy: rig.service.redeploy,
      radiusAddress: '10.255.0.1',
      announceNasChange: async () => undefined,
      routerChanged: async () => undefined,
    });
    const { runId, script } = await rotation.rotate(rig.routerId, { force: false }, context);
    expect(script).toBeNull();
    expect((await liveSecrets())[0]).toBe(old);
    await rig.carryOut(runId ?? '');
    expect(await rig.service.status(rig.routerId)).toMatchObject({ state: 'succeeded', writes: 1 });
    const [current, previous] = await liveSecrets();
    expect(onRouter()).toEqual([current]);
    expect(previous).toBe(old);
    expect(current).not.toBe(old);
    const dump = JSON.stringify(await rig.service.run(runId ?? ''));
    expect(dump).not.toContain(current);
    expect(dump).not.toContain(old);
  });
});
