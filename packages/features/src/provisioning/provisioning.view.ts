import { z } from 'zod';
import {
  runError,
  services as servicesSchema,
  type getRun,
  type PlanOperation,
  type PlanView,
  type ProvisioningStatusView,
  type RunError,
  type RunView,
  type ServiceConfig,
} from '@turnpike/contracts/provisioning.js';
import { REDACTED, type Operation, type Plan } from './plan.js';
import type { JournalRow, RunRow } from './provisioning.store.js';

const journalChanges = z.record(z.string(), z.unknown());

export const notStarted: ProvisioningStatusView = {
  runId: null,
  kind: null,
  state: 'not_started',
  stage: null,
  percent: 0,
  attempt: 0,
  writes: 0,
  startedAt: null,
  finishedAt: null,
  error: null,
};

export function statusView(run: RunRow): ProvisioningStatusView {
  return { runId: run.id, kind: run.kind, ...progressOf(run) };
}

export function runView(run: RunRow): RunView {
  return {
    id: run.id,
    routerId: run.routerId,
    kind: run.kind,
    undoesRunId: run.undoesRunId,
    requestedBy: run.requestedBy,
    createdAt: run.createdAt.toISOString(),
    services: servicesOf(run),
    ...progressOf(run),
  };
}

export function runWithJournalView(run: RunRow, journal: readonly JournalRow[]): z.input<typeof getRun.response> {
  return { ...runView(run), journal: journal.map(journalView) };
}

export function servicesOf(run: Pick<RunRow, 'services'>): ServiceConfig[] {
  return servicesSchema.parse(run.services);
}

/** What was in place before a run; nothing when it was the first. */
export function replacedServicesOf(run: Pick<RunRow, 'replaced'>): ServiceConfig[] {
  const replaced = servicesSchema.safeParse(run.replaced);
  return replaced.success ? replaced.data : [];
}

export function errorOf(run: Pick<RunRow, 'error'>): RunError | null {
  return run.error === null ? null : runError.parse(run.error);
}

function progressOf(run: RunRow): Omit<ProvisioningStatusView, 'runId' | 'kind'> {
  return {
    state: run.state,
    stage: run.stage,
    percent: run.percent,
    attempt: run.attempt,
    writes: run.writes,
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    error: errorOf(run),
  };
}

function journalView(row: JournalRow): z.input<typeof getRun.response>['journal'][number] {
  return {
    seq: row.seq,
    op: row.op === 'add' || row.op === 'set' ? row.op : 'remove',
    path: row.path,
    key: row.key,
    rosId: row.rosId,
    changes: journalChanges.parse(row.changes),
    state: row.state,
    at: row.at.toISOString(),
  };
}

export function planView(plan: Plan): PlanView {
  return {
    operations: plan.operations.map((operation) => ({
      op: operation.op,
      path: operation.path,
      key: operation.key,
      changes: changesOf(operation),
    })),
    warnings: [...plan.warnings],
    conflicts: [...plan.conflicts],
  };
}

/** What an operation does to the properties of its object; secrets are blotted out. */
export function changesOf(operation: Operation): PlanOperation['changes'] {
  if (operation.op === 'remove') return { ...operation.before };
  const secrets = Object.fromEntries(Object.keys(operation.secrets).map((name) => [name, REDACTED]));
  if (operation.op === 'add') return { ...operation.attributes, ...secrets };
  const sets = Object.entries(operation.attributes).map(
    ([name, to]) => [name, { from: operation.before[name] ?? null, to }] as const,
  );
  return { ...Object.fromEntries(sets), ...secrets };
}
