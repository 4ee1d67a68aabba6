import type { PlanConflict } from '@turnpike/contracts/provisioning.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { RosRow } from '@turnpike/routeros/ros-session.js';
import type { DesiredObject } from './desired-object.js';
import { describeRow, missingMenu, rivalConflict } from './conflicts.js';
import { managedMenu, type ManagedMenu } from './managed-menus.js';
import { differences, isOurs, isStray, matchesOf, rivalsOf } from './matching.js';
import type { Operation, Plan, SetOperation } from './plan.js';
import { obsoleteRows, removalsInOrder, rowKey } from './removals.js';
import { chainOrder, insertionPoint } from './row-order.js';
import { rowsOf } from './rows.js';
import type { RouterSnapshot } from './router-snapshot.js';

export interface ReconcileInput {
  /** In the order in which they have to be made. */
  readonly desired: readonly DesiredObject[];
  readonly actual: RouterSnapshot;
  /** Keyed hash of the secret that we set last; undefined when we never did. */
  readonly deployedSecret: string | undefined;
}

/** What is to become of one desired object. */
interface Match {
  readonly desired: DesiredObject;
  readonly menu: ManagedMenu;
  /** The row that becomes or stays it. */
  readonly row: RosRow | undefined;
}

interface Findings {
  readonly matches: Match[];
  readonly conflicts: PlanConflict[];
  readonly warnings: string[];
}

/**
 * The difference between what should be and what is, as an ordered plan: first what is ours and no longer wished goes,
 * children before parents; then things are made or mended, parents before children. Rows that are not ours are not touched,
 * except those that the desired object may take.
 */
export function reconcile(input: ReconcileInput): Plan {
  const findings = findMatches(input);
  const kept = new Set(
    findings.matches.flatMap(({ row, desired }) => (row === undefined ? [] : [rowKey(desired.path, row)])),
  );
  const leaving = obsoleteRows(input.actual, kept);
  const misplaced = chainOrder(findings.matches, input.actual);
  const clashing = clashingObjects(findings.matches, input.actual, kept);
  const remade = findings.matches.filter((match) => misplaced.has(match.desired) || clashing.has(match.desired));
  const removals = [
    ...leaving,
    ...remade.flatMap(({ desired, row }) => (row === undefined ? [] : [{ path: desired.path, row }])),
  ];
  const gone = new Set(removals.map(({ path, row }) => rowKey(path, row)));
  const operations: Operation[] = removalsInOrder(input.actual, removals);
  for (const match of findings.matches) {
    const current = match.row !== undefined && gone.has(rowKey(match.desired.path, match.row)) ? undefined : match.row;
    const operation = operationFor({ ...match, row: current }, input, findings.matches, gone);
    if (operation !== undefined) operations.push(operation);
  }
  return { operations, warnings: findings.warnings, conflicts: findings.conflicts };
}

function findMatches({ desired, actual }: ReconcileInput): Findings {
  const findings: Findings = { matches: [], conflicts: [], warnings: [] };
  for (const object of desired) {
    const menu = managedMenu(object.path);
    if (!actual.menus.has(object.path)) findings.conflicts.push(missingMenu(object));
    else findings.matches.push({ desired: object, menu, row: rowFor(object, menu, actual, findings) });
  }
  return findings;
}

function rowFor(
  desired: DesiredObject,
  menu: ManagedMenu,
  actual: RouterSnapshot,
  findings: Findings,
): RosRow | undefined {
  const rows = rowsOf(actual, desired.path);
  const [match] = matchesOf(menu, desired, rows);
  const rival = rivalsOf(menu, desired, rows).find((row) => row !== match && !isOurs(menu, row));
  if (rival === undefined) return match;
  if (match === undefined && (isStray(menu, desired, rival) || isOrphan(actual, menu, rival))) return rival;
  if (match === undefined && desired.mayTake === true) {
    findings.warnings.push(`${describeRow(menu, rival)} is taken over, as agreed.`);
    return rival;
  }
  findings.conflicts.push(rivalConflict(desired, menu, rival));
  return match;
}

/** A deleted bridge leaves its port rows behind; they belong to nobody and only stand in the way. */
function isOrphan(actual: RouterSnapshot, menu: ManagedMenu, row: RosRow): boolean {
  if (menu.path !== '/interface/bridge/port') return false;
  return !rowsOf(actual, '/interface/bridge').some((bridge) => bridge['name'] === row['bridge']);
}

/** Objects that would become equal to another row of ours before that one has changed; these are made anew. */
function clashingObjects(
  matches: readonly Match[],
  actual: RouterSnapshot,
  kept: ReadonlySet<string>,
): ReadonlySet<DesiredObject> {
  const clashing = matches.filter(({ desired, menu, row }) =>
    rivalsOf(menu, desired, rowsOf(actual, desired.path)).some(
      (rival) => row !== undefined && rival !== row && isOurs(menu, rival) && kept.has(rowKey(menu.path, rival)),
    ),
  );
  return new Set(clashing.map(({ desired }) => desired));
}

function operationFor(
  { desired, menu, row }: Match,
  input: ReconcileInput,
  matches: readonly Match[],
  gone: ReadonlySet<string>,
): Operation | undefined {
  if (row !== undefined) return setOperation(desired, menu, row, input.deployedSecret);
  return {
    op: 'add',
    path: desired.path,
    key: desired.key,
    attributes: desired.properties,
    secrets: secretsOf(desired),
    placeBefore: insertionPoint(desired, matches, rowsOf(input.actual, desired.path), (one) =>
      gone.has(rowKey(desired.path, one)),
    ),
  };
}

function setOperation(
  desired: DesiredObject,
  menu: ManagedMenu,
  row: RosRow,
  deployedSecret: string | undefined,
): SetOperation | undefined {
  const changed = differences(menu, desired, row);
  const secrets = hasSecret(desired, row, deployedSecret) ? {} : secretsOf(desired);
  if (changed.length === 0 && Object.keys(secrets).length === 0) return undefined;
  return {
    op: 'set',
    path: desired.path,
    key: desired.key,
    rosId: menu.identity === 'settings' ? undefined : row['.id'],
    attributes: Object.fromEntries(changed.map((name) => [name, desired.properties[name] ?? ''])),
    secrets,
    before: Object.fromEntries(changed.map((name) => [name, row[name] ?? null])),
  };
}

function secretsOf({ secret }: DesiredObject): Readonly<Record<string, Secret>> {
  return secret === undefined ? {} : { [secret.property]: secret.value };
}

/** A router that may not show the secret prints nothing or stars; then we go by what we set last. */
function hasSecret({ secret }: DesiredObject, row: RosRow, deployedSecret: string | undefined): boolean {
  if (secret === undefined) return true;
  const printed = row[secret.property];
  const masked = printed === undefined || /^\*+$/.test(printed);
  return masked ? deployedSecret === secret.fingerprint : printed === secret.value.reveal();
}
