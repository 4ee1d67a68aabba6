import { setTimeout as delay } from 'node:timers/promises';
import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { RunError } from '@turnpike/contracts/provisioning.js';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Database } from '@turnpike/db/database.js';
import { addToOutbox } from '@turnpike/db/outbox.store.js';
import type { Logger } from '@turnpike/runtime/logger.js';
import { LeaseLostError } from '../routers/router-lease.js';
import { claimRun, type ClaimedRun } from './claim-run.js';
import { converge } from './converge.js';
import { findDeployment, type DeploymentRow } from './deployment.store.js';
import type { RadiusSettings } from './desired-object.js';
import { keepLease } from './lease-keeper.js';
import { planInputOf, type PortalSettings } from './plan-input.js';
import { claimLostRuns, findRun, journalRecords } from './provisioning.store.js';
import { errorOf, replacedServicesOf, servicesOf } from './provisioning.view.js';
import { rollBack, UndoRefused } from './roll-back.js';
import { rollBackRun } from './rollback-run.js';
import { withRouter, type Contact, type OpenRouter } from './router-contact.js';
import { withWhatStays } from './routers-own-pages.js';
import { rollbackFailure, RunFailure, tooManyAttempts } from './run-error.js';
import { RunRecorder } from './run-recorder.js';
import { defaultTiming, type RunTiming } from './run-timing.js';

export interface ProvisioningJobsDeps extends Pick<Database, 'db' | 'transact'> {
  readonly openRouter: OpenRouter;
  readonly radius: RadiusSettings;
  readonly secretBox: SecretBox;
  readonly portal?: PortalSettings | undefined;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** Tells the outbox relay that there is something to send. */
  readonly wake: () => void;
  /** Best effort; must not throw. */
  readonly publish: (event: LiveEvent) => void;
  /** The deployment state of a router changed: what is cached about routers is old. */
  readonly routerChanged: () => Promise<void>;
  readonly timing?: RunTiming;
}

export interface ProvisioningJobContext {
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** A run that has been interrupted so often is not tried again; taking it back gets two more tries. */
const MAX_ATTEMPTS = 6;
const MAX_ROLLBACK_ATTEMPTS = MAX_ATTEMPTS + 2;

/** One run in the hands of one worker. */
interface Work {
  readonly claimed: ClaimedRun;
  readonly router: DeploymentRow;
  readonly recorder: RunRecorder;
  readonly contact: Contact;
}

export function provisioningJobs(deps: ProvisioningJobsDeps) {
  const { db, transact } = deps;
  const timing = deps.timing ?? defaultTiming;
  const contactDeps = { openRouter: deps.openRouter, clock: deps.clock, random: deps.random, timing };

  /** Returns when the run has ended, waits for a person, or is another worker's; throws when it is worth another delivery. */
  async function provision({ runId }: { runId: string }, { signal, logger }: ProvisioningJobContext): Promise<void> {
    const claimed = await claimRun({ transact, clock: deps.clock, timing }, runId, signal);
    if (claimed === undefined) return;
    const keeper = keepLease(db, claimed.run.routerId, claimed.token, timing);
    try {
      const work = await prepare(claimed, AbortSignal.any([signal, keeper.signal]));
      await drive(work);
      logger.info({ runId, state: work.recorder.state, attempt: claimed.run.attempt }, 'provisioning run ended');
    } catch (error) {
      if (!isLeaseLost(error, keeper.signal)) throw error;
      logger.warn({ runId }, 'provisioning run was taken over by another worker');
    } finally {
      await keeper.release();
      await deps.routerChanged();
    }
  }

  async function prepare(claimed: ClaimedRun, signal: AbortSignal): Promise<Work> {
    const { run, token } = claimed;
    const router = await findDeployment(db, run.routerId);
    if (router === null) throw new AppError('not_found', `there is no router ${run.routerId}`);
    const lastSeq = (await journalRecords(db, run.id)).at(-1)?.seq ?? 0;
    const recorder = new RunRecorder({ transact, clock: deps.clock, publish: deps.publish, run, token, lastSeq });
    const patienceMs = (): number => (isHalfWay(recorder) ? timing.midRunMs : timing.firstContactMs);
    return { claimed, router, recorder, contact: { routerId: router.id, routerName: router.name, signal, patienceMs } };
  }

  async function drive(work: Work): Promise<void> {
    const { recorder, claimed } = work;
    if (claimed.run.kind === 'rollback') return undoEarlier(work);
    if (recorder.state === 'rolling_back') return takeBack(work, errorOf(claimed.run) ?? tooManyAttempts(0).error);
    try {
      if (claimed.run.attempt > MAX_ATTEMPTS) throw tooManyAttempts(MAX_ATTEMPTS);
      await goForward(work);
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      if (isRestarting(recorder, error)) return;
      await endBadly(work, error.error);
    }
  }

  async function goForward({ claimed, recorder, contact, router }: Work): Promise<void> {
    const services = servicesOf(claimed.run);
    const pause = async (ms: number): Promise<void> => delay(ms, undefined, { signal: contact.signal });
    await recorder.enter('connecting', `connecting to ${router.name}`);
    const outcome = await withRouter(contactDeps, contact, async (session, onProgress) => {
      const planInput = await planInputOf(deps, router.id, services);
      const task = {
        routerName: router.name,
        services,
        planInput,
        recorder,
        signal: contact.signal,
        pause,
        onProgress,
      };
      return converge(session, task);
    });
    if (outcome === 'succeeded') await recorder.succeed(services, `${router.name} is as wished`);
  }

  /** A run that takes back what another one did, long after that has ended. */
  async function undoEarlier({ claimed, recorder, contact, router }: Work): Promise<void> {
    const { undoesRunId, attempt } = claimed.run;
    const undone = undoesRunId === null ? null : await findRun(db, undoesRunId);
    if (undone === null) throw new Error(`rollback ${claimed.run.id} does not name a run to take back`);
    await rollBackRun({
      routerName: router.name,
      recorder,
      readJournal: () => journalRecords(db, undone.id),
      left: replacedServicesOf(undone),
      signal: contact.signal,
      withSession: async (work) => {
        if (attempt > MAX_ROLLBACK_ATTEMPTS) throw tooManyAttempts(MAX_ROLLBACK_ATTEMPTS);
        await withRouter(contactDeps, contact, work);
      },
    });
  }

  /** Nothing half-applied stays: what was written is taken back. */
  async function endBadly(work: Work, error: RunError): Promise<void> {
    if (!work.recorder.hasWritten) return work.recorder.fail('failed', error);
    await work.recorder.fail('rolling_back', error);
    await takeBack(work, error);
  }

  async function takeBack({ claimed, recorder, contact }: Work, error: RunError): Promise<void> {
    const records = new Map((await journalRecords(db, claimed.run.id)).map((record) => [record.seq, record]));
    const stays: string[] = [];
    try {
      // Asking a router a third time for a login that it refused would only lock the account.
      if (error.code === 'router_login_failed') throw new RunFailure(error);
      if (claimed.run.attempt > MAX_ROLLBACK_ATTEMPTS) throw tooManyAttempts(MAX_ROLLBACK_ATTEMPTS);
      await withRouter(contactDeps, contact, async (session, onProgress) =>
        rollBack(session, {
          recorder,
          records: [...records.values()],
          seek: 'id',
          signal: contact.signal,
          onUndone: ({ seq }) => {
            records.delete(seq);
            onProgress();
          },
          onStays: (what) => stays.push(what),
        }),
      );
      await recorder.rolledBack(withWhatStays('every change was taken back', stays));
    } catch (problem) {
      if (!(problem instanceof RunFailure) && !(problem instanceof UndoRefused)) throw problem;
      const step = problem instanceof UndoRefused ? problem.step : (problem.error.step ?? 'connect');
      await recorder.fail('rollback_failed', rollbackFailure(error, step, messageOf(problem)));
    }
  }

  /** Gives runs whose job got lost to a worker again. */
  async function sweep(): Promise<void> {
    const found = await transact(async (tx) => {
      const runIds = await claimLostRuns(tx, timing.lostAfter);
      for (const runId of runIds) await addToOutbox(tx, 'provisioning.run', { runId });
      return runIds.length;
    });
    if (found > 0) deps.wake();
  }

  return { 'provisioning.run': provision, 'provisioning.sweep': async (): Promise<void> => sweep() };
}

/** The router is neither as it was nor as it is to be: worth waiting for. */
function isHalfWay(recorder: RunRecorder): boolean {
  return recorder.hasWritten || recorder.state === 'rolling_back';
}

/** Confirming the device-mode restarts the router: that it cannot be reached meanwhile is no failure. */
function isRestarting(recorder: RunRecorder, failure: RunFailure): boolean {
  return recorder.state === 'waiting_for_operator' && failure.error.code === 'router_unreachable';
}

function isLeaseLost(error: unknown, lost: AbortSignal): boolean {
  return error instanceof LeaseLostError || lost.aborted;
}
