import type { PlanConflict } from '@turnpike/contracts/provisioning.js';
import type { Secret } from '@turnpike/core/secret.js';

/** Stands for a secret wherever people or tables may see it. */
export const REDACTED = '[redacted]';

interface OperationTarget {
  readonly path: string;
  /** Our name for the object, stable between plans. */
  readonly key: string;
}

export interface AddOperation extends OperationTarget {
  readonly op: 'add';
  readonly attributes: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Id of the row before which it has to stand; undefined: at the end. */
  readonly placeBefore: string | undefined;
}

export interface SetOperation extends OperationTarget {
  readonly op: 'set';
  /** undefined for a settings menu. */
  readonly rosId: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** What the attributes were; null: not printed. */
  readonly before: Readonly<Record<string, string | null>>;
}

export interface RemoveOperation extends OperationTarget {
  readonly op: 'remove';
  readonly rosId: string;
  /** The managed properties as they were printed. */
  readonly before: Readonly<Record<string, string>>;
  /** Id of the row that came after it, where order means something. */
  readonly successor: string | undefined;
}

export type Operation = AddOperation | SetOperation | RemoveOperation;

/** What has to be done, in this order; nothing may be done while there are conflicts. */
export interface Plan {
  readonly operations: readonly Operation[];
  readonly warnings: readonly string[];
  readonly conflicts: readonly PlanConflict[];
}

/** For people and for the journal: `add /ip/pool tp-hotspot1`. */
export function stepOf(operation: Pick<Operation, 'op' | 'path' | 'key'>): string {
  return operation.key === 'settings'
    ? `${operation.op} ${operation.path}`
    : `${operation.op} ${operation.path} ${operation.key}`;
}
