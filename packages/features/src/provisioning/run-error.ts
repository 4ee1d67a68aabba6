import type { PlanConflict, RunError } from '@turnpike/contracts/provisioning.js';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { Fault } from './verify.js';

/** Ends a run: what an operator is told about it. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly error: RunError;

  constructor(error: RunError, options: { cause?: unknown } = {}) {
    super(error.message, options);
    this.error = error;
  }
}

/** The router took the connection and would not do something. */
export function refusedBy(router: string, error: RosError, step: string): RunFailure {
  const own = ownWords(error) || error.message.replaceAll('\0', '');
  return new RunFailure(
    {
      code: 'router_refused',
      message: `${router} refused to ${step}.`,
      step,
      routerMessage: own,
      remedy: refusalRemedy(own),
    },
    { cause: error },
  );
}

/** Empty when it sent none. PostgreSQL keeps no NUL. */
function ownWords(error: RosError): string {
  return error.traps
    .map((trap) => trap.message)
    .join('; ')
    .replaceAll('\0', '');
}

function refusalRemedy(words: string): string {
  if (/not enough permissions/i.test(words))
    return 'Give the API user the policies read, write, test and api (/user/group).';
  if (/device-mode/i.test(words)) {
    return 'Allow the feature with /system/device-mode/update and confirm it at the router, then deploy again.';
  }
  if (/already|exists/i.test(words))
    return 'Something on the router is in the way: look at the plan, remove it or choose other values.';
  if (/no such command|unknown parameter/i.test(words))
    return 'Upgrade the router to a current RouterOS 7 and deploy again.';
  return "Look at the router's own words, change the configuration or the router, and deploy again.";
}

export function conflictsFailure(conflicts: readonly PlanConflict[]): RunFailure {
  const [first] = conflicts;
  const more = conflicts.length > 1 ? ` (and ${conflicts.length - 1} more: see the plan)` : '';
  return new RunFailure({
    code: 'conflict',
    message: `${first?.message ?? 'The configuration does not fit the router.'}${more}`,
    step: first === undefined ? null : `${first.path} ${first.key}`,
    routerMessage: null,
    remedy: first?.remedy ?? null,
  });
}

export function verifyFailure(faults: readonly Fault[]): RunFailure {
  const [first] = faults;
  return new RunFailure({
    code: 'verify_failed',
    message: first?.message ?? 'The router does not have the configuration that was put on it.',
    step: first === undefined ? 'verify' : `verify ${first.path} ${first.key}`.trim(),
    routerMessage: first?.routerMessage ?? null,
    remedy: 'Look at the object on the router; a feature may be switched off there, or somebody else changes it too.',
  });
}

export function restlessFailure(steps: readonly string[]): RunFailure {
  return new RunFailure({
    code: 'verify_failed',
    message: 'The router does not keep what is written to it: the plan is not empty after several tries.',
    step: steps[0] ?? 'verify',
    routerMessage: null,
    remedy: 'Look for a script, a scheduler or another management system that changes the same objects.',
  });
}

/** The link gave way for too long, or the router cannot be dialled at all. */
export function linkFailure(error: unknown): RunFailure {
  const code = error instanceof AppError ? error.code : 'router_unreachable';
  return new RunFailure(
    { code, message: messageOf(error), step: 'connect', routerMessage: routersWords(error), remedy: linkRemedy(code) },
    { cause: error },
  );
}

/** What the router itself said, where it refused the login rather than was away. */
function routersWords(error: unknown): string | null {
  const refusal = error instanceof AppError ? error.cause : error;
  if (!(refusal instanceof RosError)) return null;
  return ownWords(refusal) || null;
}

function linkRemedy(code: string): string {
  switch (code) {
    case 'router_login_failed':
      return 'Set the right user name and password of the router. Nothing is tried again until they change.';
    case 'router_has_no_address':
      return 'Paste the bootstrap script on the router, or set its address.';
    case 'router_not_allowed':
      return 'Give the router an address that may be dialled, or allow its network in the settings of the server.';
    default:
      return 'See that the router has power and network and that its API is reachable, then deploy again.';
  }
}

export function tooManyAttempts(attempts: number): RunFailure {
  return new RunFailure({
    code: 'gave_up',
    message: `The deployment was interrupted ${attempts} times.`,
    step: null,
    routerMessage: null,
    remedy: 'Look at the health of the workers, then deploy again.',
  });
}

/** A rollback that cannot be finished: the first error stays, and what is left undone is added. */
export function rollbackFailure(first: RunError, step: string, reason: string): RunError {
  return {
    ...first,
    message: `${first.message} Taking the changes back failed as well, at ${step}.`,
    routerMessage: first.routerMessage ?? reason,
    remedy:
      `Deploy again when the router can be reached: what is half done is then completed. ${first.remedy ?? ''}`.trim(),
  };
}
