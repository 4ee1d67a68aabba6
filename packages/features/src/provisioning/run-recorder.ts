import type { LiveEvent } from '@turnpike/contracts/events.js';
import type { RunError, RunState, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Transact, Tx } from '@turnpike/db/database.js';
import type { DeploymentState, Prisma } from '@turnpike/db/generated/client.js';
import { assertLease, LeaseLostError } from '../routers/router-lease.js';
import { rememberSecret, setDeployment } from './deployment.store.js';
import { stepOf, type Operation } from './plan.js';
import { changesOf, statusView } from './provisioning.view.js';
import {
  clearRunError,
  insertIntention,
  markDone,
  markUndone,
  moveRun,
  storeBackup,
  type RunRow,
} from './provisioning.store.js';
import { applyingPercent, isFinished, isPast, mayMove, percentOnEntry } from './run-states.js';

export interface RunRecorderDeps {
  readonly transact: Transact;
  readonly clock: Clock;
  /** Must not throw. */
  readonly publish: (event: LiveEvent) => void;
  readonly run: RunRow;
  readonly token: bigint;
  /** The highest number in the journal so far. */
  readonly lastSeq: number;
}

/** A write that was carried out and is not yet noted as such. */
interface Completed {
  readonly seq: number;
  readonly rosId: string | undefined;
  /** Set when the router was given a secret, null when it was taken away. */
  readonly secretFingerprint: string | undefined;
}

const deploymentOnEntry: Partial<Readonly<Record<RunState, DeploymentState>>> = {
  connecting: 'deploying',
  preflight: 'deploying',
  verifying: 'verifying',
  waiting_for_operator: 'waiting_for_operator',
  succeeded: 'active',
  failed: 'failed',
  rolled_back: 'failed',
  rollback_failed: 'failed',
};

/** A router stays as it is deployed until a rollback writes to it, and after one that was refused. */
const deploymentOnRollback: typeof deploymentOnEntry = {
  rolling_back: 'deploying',
  rollback_failed: 'failed',
};

/** How one change was taken back. */
export interface UndoneStep {
  readonly seq: number;
  readonly stage: string;
  /** The router's secret is not known any more. */
  readonly forgetSecret: boolean;
  /** The router was written to; false: there was nothing left to take back. */
  readonly wrote: boolean;
  /** Of a rollback: how far it is. */
  readonly percent: number;
}

/**
 * What a run writes about itself. Every method is one transaction that first proves the lease: a worker that was frozen
 * and came back gets a LeaseLostError and has written nothing. That a write was done is noted together with the intention
 * of the next one; until then it counts as unknown, which is what a death in between makes it anyway.
 */
export class RunRecorder {
  readonly #deps: RunRecorderDeps;
  #run: RunRow;
  #seq: number;
  #completed: Completed | undefined;

  constructor(deps: RunRecorderDeps) {
    this.#deps = deps;
    this.#run = deps.run;
    this.#seq = deps.lastSeq;
  }

  get state(): RunState {
    return this.#run.state;
  }

  get hasWritten(): boolean {
    return this.#seq > 0;
  }

  /** Goes on to a state; does nothing when the run, perhaps under another worker, is already there or further. */
  async enter(to: RunState, stage: string): Promise<void> {
    if (isPast(this.state, to)) return;
    await this.#record((tx) => this.#move(tx, to, stage, percentOnEntry[to]));
  }

  /** Says what is being done, within the same state. */
  async say(stage: string): Promise<void> {
    await this.#record((tx) => this.#move(tx, this.state, stage, 0));
  }

  /** Keeps what was there before the first write; together with the state, so that it is done once. */
  async backUp(backup: Prisma.InputJsonValue): Promise<void> {
    if (isPast(this.state, 'backup')) return;
    await this.#record(async (tx) => {
      await storeBackup(tx, this.#run.id, backup);
      return this.#move(tx, 'backup', 'keeping the configuration as it was', percentOnEntry.backup);
    });
  }

  /** Must come before the write itself. `position` counts from 1 within `total`. */
  async intend(operation: Operation, position: number, total: number): Promise<void> {
    const seq = this.#seq + 1;
    await this.#record(async (tx) => {
      await insertIntention(tx, this.#run.id, { seq, operation, changes: changesOf(operation) });
      const stage = `${stepOf(operation)} (${position} of ${total})`;
      return this.#move(tx, this.state, stage, applyingPercent(position - 1, total));
    });
    this.#seq = seq;
  }

  /** The write last intended was carried out. */
  complete(rosId: string | undefined, secretFingerprint: string | undefined): void {
    this.#completed = { seq: this.#seq, rosId, secretFingerprint };
  }

  /** One journal entry was taken back: of this run, or of the one that a rollback is about. */
  async undone({ seq, stage, forgetSecret, wrote, percent }: UndoneStep): Promise<void> {
    await this.#record(async (tx) => {
      await markUndone(tx, this.#run.undoesRunId ?? this.#run.id, seq);
      if (forgetSecret) await rememberSecret(tx, this.#run.routerId, null);
      const counted = this.#isRollback && wrote;
      return this.#move(tx, this.state, stage, this.#isRollback ? percent : 0, { writes: counted ? 1 : 0 });
    });
  }

  /** A rollback begins to write. */
  async takeBack(stage: string): Promise<void> {
    await this.#record((tx) => this.#move(tx, 'rolling_back', stage, percentOnEntry.applying));
  }

  /** A rollback has come to its end; `left` is what the router has now. */
  async restored(left: readonly ServiceConfig[], stage: string): Promise<void> {
    await this.#record(async (tx) => {
      const row = await this.#move(tx, 'rolled_back', stage, 100);
      await setDeployment(tx, this.#run.routerId, left.length === 0 ? 'not_started' : 'active', left);
      return row;
    });
  }

  async succeed(services: readonly ServiceConfig[], stage: string): Promise<void> {
    await this.#record(async (tx) => {
      const row = await this.#move(tx, 'succeeded', stage, 100);
      await clearRunError(tx, this.#run.id);
      await setDeployment(tx, this.#run.routerId, 'active', services);
      return { ...row, error: null };
    });
  }

  async fail(
    to: 'failed' | 'rolling_back' | 'rollback_failed' | 'waiting_for_operator',
    error: RunError,
  ): Promise<void> {
    await this.#record((tx) => this.#move(tx, to, error.message, percentOnEntry[to], { error }));
  }

  async rolledBack(stage: string): Promise<void> {
    await this.#record((tx) => this.#move(tx, 'rolled_back', stage, 0));
  }

  get #isRollback(): boolean {
    return this.#run.kind === 'rollback';
  }

  async #move(
    tx: Tx,
    to: RunState,
    stage: string,
    percent: number,
    { error, writes = 0 }: { error?: RunError; writes?: number } = {},
  ): Promise<RunRow> {
    const from = this.state;
    if (from !== to && !mayMove(from, to)) throw new Error(`a provisioning run cannot go from ${from} to ${to}`);
    const at = this.#deps.clock.now();
    const finished = isFinished(to);
    const row = await moveRun(tx, this.#run.id, {
      from,
      to,
      stage,
      // Only the holder of the lease changes the run, so what we know of it is what is stored.
      percent: Math.max(percent, this.#run.percent),
      writes: writes + (this.#completed === undefined ? 0 : 1),
      at,
      ...(error === undefined ? {} : { error }),
      finished,
    });
    if (row === undefined) throw new LeaseLostError(`the run is no longer ${from}`);
    const deployment = (this.#isRollback ? deploymentOnRollback : deploymentOnEntry)[to];
    if (from !== to && deployment !== undefined) await setDeployment(tx, this.#run.routerId, deployment);
    return row;
  }

  async #record(work: (tx: Tx) => Promise<RunRow>): Promise<void> {
    const { transact, token, publish } = this.#deps;
    this.#run = await transact(async (tx) => {
      await assertLease(tx, this.#run.routerId, token);
      await this.#noteCompleted(tx);
      return work(tx);
    });
    this.#completed = undefined;
    publish({ type: 'provisioning', routerId: this.#run.routerId, status: statusView(this.#run) });
  }

  async #noteCompleted(tx: Tx): Promise<void> {
    if (this.#completed === undefined) return;
    const { seq, rosId, secretFingerprint } = this.#completed;
    await markDone(tx, this.#run.id, seq, rosId);
    if (secretFingerprint !== undefined) await rememberSecret(tx, this.#run.routerId, secretFingerprint);
  }
}
