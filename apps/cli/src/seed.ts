import { SecretBox } from '@turnpike/core/secret-box.js';
import { hashToken } from '@turnpike/core/tokens.js';
import { openDatabase, type Database, type Tx } from '@turnpike/db/database.js';
import { ensureFirstOperator, ensureOperatorToken } from '@turnpike/features/operators/first-operator.js';
import { registerRouter } from '@turnpike/features/routers/router-registration.js';
import type { SeedInput } from './seed-input.js';

/**
 * What has to be in the database before the processes start: somebody who can sign in, the token of instance.json, and
 * where the simulated routers listen this time. Run at every start; what is there already is left alone.
 */
export async function seed(input: SeedInput): Promise<void> {
  const database = openDatabase({ url: input.databaseUrl, applicationName: 'turnpike-seed', maxConnections: 1 });
  try {
    await database.transact((tx) => seedOperator(tx, input));
    await seedRouters(database, input);
  } finally {
    await database.close();
  }
}

async function seedOperator(tx: Tx, { operator, apiToken }: SeedInput): Promise<void> {
  const { id } = await ensureFirstOperator(tx, { ...operator, name: 'First operator' });
  await ensureOperatorToken(tx, { operatorId: id, name: 'this machine', hash: hashToken(apiToken) });
}

async function seedRouters({ transact }: Database, input: SeedInput): Promise<void> {
  const secretBox = new SecretBox(input.encryptionKeys.split(','));
  for (const simulated of input.simulatedRouters) {
    const outcome = await transact((tx) =>
      registerRouter(tx, secretBox, {
        name: simulated.name,
        address: simulated.host,
        apiPort: simulated.apiPort,
        apiUsername: simulated.username,
        apiPassword: simulated.password,
        nasAddress: simulated.nasAddress,
      }),
    );
    if (outcome === 'created') input.log(`registered simulated router ${simulated.name}`);
  }
}
