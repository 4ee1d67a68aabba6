import type { Tx } from '@turnpike/db/database.js';
import { appendAudit } from '../audit/audit.store.js';
import { insertAuthToken, isKnownTokenHash } from './auth-token.store.js';
import { findAnyOperator, findOperatorByEmail, insertOperator } from './operator.store.js';
import { hashPassword } from './passwords.js';

/** Makes the first owner of an empty system; where there are operators already it changes nothing and gives one of them. */
export async function ensureFirstOperator(
  tx: Tx,
  input: { email: string; password: string; name: string },
): Promise<{ id: string; created: boolean }> {
  const email = input.email.toLowerCase();
  const existing = (await findOperatorByEmail(tx, email)) ?? (await findAnyOperator(tx));
  if (existing !== null) return { id: existing.id, created: false };
  const passwordHash = await hashPassword(input.password);
  const { id } = await insertOperator(tx, { email, name: input.name, role: 'owner', passwordHash });
  await appendAudit(tx, {
    actor: 'system',
    action: 'operator.created',
    subjectType: 'operator',
    subjectId: id,
    details: { email, role: 'owner' },
  });
  return { id, created: true };
}

/**
 * An API token without expiry that may do all that its operator may, made outside (the seed). `hash`: of its text, see
 * `hashToken`. A token that is there already is left alone, also when it was revoked.
 */
export async function ensureOperatorToken(
  tx: Tx,
  input: { operatorId: string; name: string; hash: string },
): Promise<{ created: boolean }> {
  const { operatorId, name, hash } = input;
  if (await isKnownTokenHash(tx, hash)) return { created: false };
  const row = await insertAuthToken(tx, { operatorId, kind: 'api', name, hash, scopes: [], expiresAt: null });
  await appendAudit(tx, {
    actor: 'system',
    action: 'api_token.created',
    subjectType: 'api_token',
    subjectId: row.id,
    details: { name, operatorId },
  });
  return { created: true };
}
