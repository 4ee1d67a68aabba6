import type { z } from 'zod';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import {
  services as serviceList,
  type getRun,
  type ProvisioningStatusView,
  type RunView,
  type ServiceConfig,
} from '@turnpike/contracts/provisioning.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { cursorId, toPage, type Page, type PageQuery } from '@turnpike/core/page.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit } from '../audit/audit.store.js';
import { assertServices } from './address-plan.js';
import { findDeployment, setDeployment, type DeploymentRow } from './deployment.store.js';
import {
  cancelWaiting,
  clearLatestRun,
  countInPlace,
  findRun,
  insertRun,
  journalRows,
  lastChangingDeploy,
  latestRun,
  leftoverSince,
  listRunRows,
  unfinishedRun,
  type RunRow,
} from './provisioning.store.js';
import { notStarted, runView, runWithJournalView, servicesOf, statusView } from './provisioning.view.js';
import type { ServicePlanner } from './service-planner.js';

export interface ProvisioningService extends ServicePlanner {
  /** Throws `router_busy` while a run holds the router. */
  deploy(routerId: string, services: readonly ServiceConfig[], context: ChangeContext): Promise<{ runId: string }>;
  /**
   * Queues a run that puts in place again what is deployed on a router, in the caller's transaction; undefined when nothing
   * is. Throws `router_busy` while a run holds the router.
   */
  redeploy(tx: Tx, routerId: string, context: ChangeContext): Promise<QueuedRun | undefined>;
  /**
   * Queues a run that takes back what the last successful deploy changed. Throws `router_busy` while a run holds the
   * router, and `conflict` when there is nothing to take back.
   */
  rollback(routerId: string, context: ChangeContext): Promise<{ runId: string }>;
  status(routerId: string): Promise<ProvisioningStatusView>;
  reset(routerId: string, context: ChangeContext): Promise<ProvisioningStatusView>;
  runs(routerId: string, query: PageQuery): Promise<Page<RunView>>;
  run(runId: string): Promise<z.input<typeof getRun.response>>;
}

export interface QueuedRun {
  readonly runId: string;
  /** Tells of it; after the commit. */
  tell(): Promise<void>;
}

export interface ProvisioningServiceDeps extends Pick<Database, 'db' | 'transact'> {
  /** The dry run, which only a worker can do. */
  readonly planner: ServicePlanner;
  readonly clock: Clock;
  /** Tells the outbox relay that there is something to send. */
  readonly wake: () => void;
  /** Best effort; must not throw. */
  readonly publish: (event: LiveEvent) => void;
  /** The deployment state of a router changed: what is cached about routers is old. */
  readonly routerChanged: () => Promise<void>;
}

export function createProvisioningService(deps: ProvisioningServiceDeps): ProvisioningService {
  const { db, transact } = deps;

  async function deploy(
    routerId: string,
    services: readonly ServiceConfig[],
    context: ChangeContext,
  ): Promise<{ runId: string }> {
    assertServices(services);
    return start(async (tx) => queueRun(tx, await existing(tx, routerId), services, context));
  }

  async function rollback(routerId: string, context: ChangeContext): Promise<{ runId: string }> {
    return start(async (tx) => queueRollback(tx, await existing(tx, routerId), context));
  }

  async function start(queue: (tx: Tx) => Promise<RunRow>): Promise<{ runId: string }> {
    const run = await transact(queue).catch((error: unknown) => {
      throw isUniqueViolation(error) ? busy() : error;
    });
    await tell(run);
    return { runId: run.id };
  }

  async function redeploy(tx: Tx, routerId: string, context: ChangeContext): Promise<QueuedRun | undefined> {
    const router = await existing(tx, routerId);
    const deployed = serviceList.safeParse(router.deployedServices);
    if (!deployed.success) return undefined;
    const run = await queueRun(tx, router, deployed.data, context);
    return { runId: run.id, tell: () => tell(run) };
  }

  async function queueRun(
    tx: Tx,
    router: DeploymentRow,
    services: readonly ServiceConfig[],
    context: ChangeContext,
  ): Promise<RunRow> {
    await replaceWaitingRun(tx, router.id);
    const created = await insertRun(tx, {
      routerId: router.id,
      services,
      replaced: router.deployedServices,
      requestedBy: context.actor,
    });
    await setDeployment(tx, router.id, 'planned');
    await addToOutbox(tx, 'provisioning.run', { runId: created.id });
    await audit(tx, context, 'router.deploy', router, { runId: created.id, services });
    return created;
  }

  async function queueRollback(tx: Tx, router: DeploymentRow, context: ChangeContext): Promise<RunRow> {
    await replaceWaitingRun(tx, router.id);
    const undone = await runToUndo(tx, router);
    const created = await insertRun(tx, {
      routerId: router.id,
      kind: 'rollback',
      undoesRunId: undone.id,
      services: servicesOf(undone),
      requestedBy: context.actor,
    });
    await addToOutbox(tx, 'provisioning.run', { runId: created.id });
    await audit(tx, context, 'router.rollback', router, { runId: created.id, undoes: undone.id });
    return created;
  }

  async function reset(routerId: string, context: ChangeContext): Promise<ProvisioningStatusView> {
    await transact(async (tx) => {
      const router = await existing(tx, routerId);
      await replaceWaitingRun(tx, routerId);
      await setDeployment(tx, routerId, 'not_started');
      await clearLatestRun(tx, routerId, deps.clock.now());
      await audit(tx, context, 'router.reset-provisioning', router, {});
    });
    deps.publish({ type: 'provisioning', routerId, status: notStarted });
    await deps.routerChanged();
    return notStarted;
  }

  /** A run that waits for a person makes room; one that is at work does not. */
  async function replaceWaitingRun(tx: Tx, routerId: string): Promise<void> {
    const current = await unfinishedRun(tx, routerId);
    if (current !== null && !(await cancelWaiting(tx, current.id, deps.clock.now()))) throw busy();
  }

  async function status(routerId: string): Promise<ProvisioningStatusView> {
    const router = await existing(db, routerId);
    const run = await latestRun(db, routerId);
    return run === null || isCleared(run, router) ? notStarted : statusView(run);
  }

  async function runs(routerId: string, query: PageQuery): Promise<Page<RunView>> {
    await existing(db, routerId);
    return toPage(await listRunRows(db, routerId, query.limit, cursorId(query.cursor)), query.limit, runView);
  }

  async function run(runId: string): Promise<z.input<typeof getRun.response>> {
    const row = await findRun(db, runId);
    if (row === null) throw new AppError('not_found', `there is no provisioning run ${runId}`);
    return runWithJournalView(row, await journalRows(db, row.undoesRunId ?? runId));
  }

  async function tell(row: RunRow): Promise<void> {
    deps.wake();
    deps.publish({ type: 'provisioning', routerId: row.routerId, status: statusView(row) });
    await deps.routerChanged();
  }

  return { plan: deps.planner.plan, deploy, redeploy, rollback, status, reset, runs, run };
}

/** A reset says that the newest run is history; a rollback that has ended leaves nothing deployed and is still news. */
function isCleared(run: RunRow, router: DeploymentRow): boolean {
  return run.clearedAt !== null || (run.kind === 'deploy' && router.deployment === 'not_started');
}

async function runToUndo(tx: Tx, { id, name }: DeploymentRow): Promise<RunRow> {
  const last = await lastChangingDeploy(tx, id);
  if (last === null) {
    throw new AppError('conflict', `There is nothing to undo: no deploy has changed anything on ${name}.`);
  }
  if ((await leftoverSince(tx, last)) !== null) {
    throw new AppError(
      'conflict',
      `A later deploy to ${name} failed and left changes behind. Deploy again first: that completes or mends them.`,
    );
  }
  if ((await countInPlace(tx, last.id)) === 0) {
    throw new AppError(
      'conflict',
      `There is nothing to undo: the last deploy that changed ${name} was taken back already. Deploy again to have it back.`,
    );
  }
  return last;
}

async function existing(tx: Tx, routerId: string): Promise<DeploymentRow> {
  const router = await findDeployment(tx, routerId);
  if (router === null) throw new AppError('not_found', `there is no router ${routerId}`);
  return router;
}

function busy(): AppError {
  return new AppError('router_busy', 'A provisioning run holds this router: wait until it has ended.');
}

async function audit(
  tx: Tx,
  context: ChangeContext,
  action: string,
  router: DeploymentRow,
  details: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, { ...context, action, subjectType: 'router', subjectId: router.id, details });
}
