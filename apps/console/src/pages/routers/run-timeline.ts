import type { getRun } from '@turnpike/contracts/provisioning.js';
import type { z } from 'zod';

export type RunWithJournal = z.output<typeof getRun.response>;

export interface Milestone {
  readonly key: 'asked' | 'begun' | 'firstWrite' | 'lastWrite' | 'ended';
  readonly at: string;
  /** Since the one before; undefined for the first. */
  readonly afterSeconds: number | undefined;
}

type Dated = Pick<RunWithJournal, 'createdAt' | 'startedAt' | 'finishedAt' | 'kind'> & {
  readonly journal: readonly { readonly at: string }[];
};

/** The moments of a run that are known, in order. A rollback's journal is of another run, so its times are not of this one. */
export function milestonesOf({ createdAt, startedAt, finishedAt, kind, journal }: Dated): readonly Milestone[] {
  const writes = kind === 'deploy' ? journal.map(({ at }) => at).sort() : [];
  const known: readonly [Milestone['key'], string | null | undefined][] = [
    ['asked', createdAt],
    ['begun', startedAt],
    ['firstWrite', writes[0]],
    ['lastWrite', writes.length > 1 ? writes.at(-1) : undefined],
    ['ended', finishedAt],
  ];
  const moments: Milestone[] = [];
  for (const [key, at] of known) {
    if (at === null || at === undefined) continue;
    const before = moments.at(-1);
    moments.push({ key, at, afterSeconds: before === undefined ? undefined : secondsBetween(before.at, at) });
  }
  return moments;
}

/** How long a run took, or has taken so far. */
export function tookSeconds(
  run: { readonly startedAt: string | null; readonly finishedAt: string | null },
  nowMs: number,
): number | undefined {
  if (run.startedAt === null) return undefined;
  const end = run.finishedAt === null ? nowMs : Date.parse(run.finishedAt);
  return Math.max(0, (end - Date.parse(run.startedAt)) / 1_000);
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
}
