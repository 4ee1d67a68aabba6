import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { secretPlace } from './nas-row.js';
import { lockRotatingRouter, storeSecrets, type RotatingRouter } from './secret-rotation.store.js';

export interface SecretRotation {
  /** Both secrets are valid from now on. Throws `not_found`, `conflict` while a rotation is under way, `router_busy`. */
  rotate(routerId: string, options: { readonly force: boolean }, context: ChangeContext): Promise<Rotated>;
}

export interface Rotated {
  /** The run that gives the router its new secret. */
  readonly runId: string | null;
  /** What to paste into the router's terminal where no run can. */
  readonly script: string | null;
}

export interface SecretRotationDeps extends Pick<Database, 'transact'> {
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** Queues a run that brings the router up to date; undefined when nothing of ours is deployed there. */
  readonly redeploy: (
    tx: Tx,
    routerId: string,
    context: ChangeContext,
  ) => Promise<{ readonly runId: string; tell(): Promise<void> } | undefined>;
  /** Address under which routers know our RADIUS service. */
  readonly radiusAddress: string;
  readonly announceNasChange: () => Promise<void>;
  /** What is cached about routers is old. */
  readonly routerChanged: () => Promise<void>;
}

const SECRET_LENGTH = 32;

export function createSecretRotation(deps: SecretRotationDeps): SecretRotation {
  const { transact, secretBox, clock } = deps;

  async function replace(tx: Tx, router: RotatingRouter, secret: string): Promise<void> {
    const { id, radiusSecret, previousRadiusSecret, currentUsed } = router;
    // One rotation on top of another keeps the secret that the router uses, not the one it never took over.
    const currentBecomesPrevious = previousRadiusSecret === null || currentUsed;
    const kept = currentBecomesPrevious
      ? secretBox.open(radiusSecret, secretPlace(id, 'radius_secret'))
      : secretBox.open(previousRadiusSecret, secretPlace(id, 'previous_radius_secret'));
    await storeSecrets(tx, id, {
      current: secretBox.seal(secret, secretPlace(id, 'radius_secret')),
      previous: secretBox.seal(kept, secretPlace(id, 'previous_radius_secret')),
      currentBecomesPrevious,
      at: clock.now(),
    });
  }

  return {
    async rotate(routerId, { force }, context) {
      const secret = randomReadable(SECRET_LENGTH);
      const run = await transact(async (tx) => {
        const router = await lockRotatingRouter(tx, routerId);
        if (router === undefined) throw new AppError('not_found', `there is no router ${routerId}`);
        if (router.previousRadiusSecret !== null && !force) throw underWay(router.name);
        await replace(tx, router, secret);
        const queued = router.reachable ? await deps.redeploy(tx, routerId, context) : undefined;
        await appendAudit(tx, {
          ...context,
          action: 'router.rotate-radius-secret',
          subjectType: 'router',
          subjectId: routerId,
          details: { name: router.name, force, runId: queued?.runId ?? null },
        });
        return queued;
      }).catch((error: unknown) => {
        throw isUniqueViolation(error) ? busy() : error;
      });
      await deps.announceNasChange();
      await (run === undefined ? deps.routerChanged() : run.tell());
      return run === undefined
        ? { runId: null, script: `/radius set [find address=${deps.radiusAddress}] secret=${secret}` }
        : { runId: run.runId, script: null };
    },
  };
}

function underWay(name: string): AppError {
  return new AppError(
    'conflict',
    `the RADIUS secret of ${name} is being rotated: its previous one is still valid. With force it is rotated all the same.`,
  );
}

function busy(): AppError {
  return new AppError('router_busy', 'A provisioning run holds this router: wait until it has ended.');
}
