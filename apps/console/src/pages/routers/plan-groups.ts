import type { PlanOperation } from '@turnpike/contracts/provisioning.js';

export interface PlanGroup {
  /** Menu of the router, as it is typed there: `/ip/hotspot`. */
  readonly path: string;
  readonly operations: readonly PlanOperation[];
}

export interface PlanCounts {
  readonly add: number;
  readonly set: number;
  readonly remove: number;
}

/** The operations by menu, in the order in which the menus are first touched. */
export function groupPlan(operations: readonly PlanOperation[]): readonly PlanGroup[] {
  const groups = new Map<string, PlanOperation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.path);
    if (group === undefined) groups.set(operation.path, [operation]);
    else group.push(operation);
  }
  return [...groups].map(([path, members]) => ({ path, operations: members }));
}

export function countPlan(operations: readonly PlanOperation[]): PlanCounts {
  const counts = { add: 0, set: 0, remove: 0 };
  for (const { op } of operations) counts[op] += 1;
  return counts;
}

export interface DiffLine {
  readonly property: string;
  readonly sign: '+' | '-' | '~';
  readonly value: string;
  /** What stood there before; of a change only, null: it was not set. */
  readonly before: string | null | undefined;
}

/** What an operation does to the properties of its object, a line each. */
export function diffLines({ op, changes }: Pick<PlanOperation, 'op' | 'changes'>): readonly DiffLine[] {
  const sign = op === 'add' ? '+' : op === 'remove' ? '-' : '~';
  return Object.entries(changes).map(([property, change]) =>
    typeof change === 'string'
      ? { property, sign, value: change, before: undefined }
      : { property, sign, value: change.to, before: change.from },
  );
}
