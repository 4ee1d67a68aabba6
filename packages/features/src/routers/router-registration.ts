import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Tx } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from '../audit/audit.store.js';
import { findRouterByName, insertRouterRow, updateRouterRow } from './router.store.js';

/** A router with a plain API. */
export interface RegisteredRouter {
  readonly name: string;
  readonly address: string | null;
  readonly apiPort: number;
  readonly apiUsername: string;
  readonly apiPassword: string;
  readonly nasAddress: string;
  /** Made when left out. */
  readonly radiusSecret?: string | undefined;
  /** RADIUS packets a second that are taken from it, 0: no limit; left as it is when left out. */
  readonly radiusRateLimit?: number;
}

/** Makes a router known by its name, or corrects where it is: for routers that programs bring along (simulator, load tests). */
export async function registerRouter(
  tx: Tx,
  secretBox: SecretBox,
  router: RegisteredRouter,
): Promise<'created' | 'updated'> {
  const known = await findRouterByName(tx, router.name);
  const id = known?.id ?? uuidv7();
  const { apiPassword, radiusSecret, ...plain } = router;
  const seal = (text: string, column: string): string => secretBox.seal(text, { table: 'router', row: id, column });
  const located = {
    ...plain,
    apiPassword: seal(apiPassword, 'api_password'),
    tls: false,
    tlsFingerprint: null,
    bootstrapTokenHash: null,
    loginFailures: 0,
    lastError: null,
  };
  if (known === null) {
    const secret = radiusSecret ?? randomReadable(32);
    await insertRouterRow(tx, { id, ...located, radiusSecret: seal(secret, 'radius_secret') });
  } else {
    const secret = radiusSecret === undefined ? {} : { radiusSecret: seal(radiusSecret, 'radius_secret') };
    await updateRouterRow(tx, id, { ...located, ...secret });
  }
  if (router.address !== null) await addToOutbox(tx, 'router.probe', { routerId: id });
  await appendAudit(tx, {
    actor: 'system',
    action: known === null ? 'router.create' : 'router.update',
    subjectType: 'router',
    subjectId: id,
    details: { name: router.name, address: router.address },
  });
  return known === null ? 'created' : 'updated';
}
