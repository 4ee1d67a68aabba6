import { REJECT_REASONS, type RejectReason } from '@turnpike/core/reject-reasons.js';
import type { LoginMethod } from './login.js';

export type AccessOutcome = 'accept' | RejectReason;

/** One decision as it is kept for support; it holds no name and no secret. */
export interface DecisionNote {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly routerId: string;
  readonly method: LoginMethod;
  readonly outcome: AccessOutcome;
  /** As deviceName gives it; empty when the packet named none. */
  readonly device: string;
}

const METHODS: ReadonlySet<string> = new Set<LoginMethod>(['pap', 'chap', 'mschapv2', 'eap', 'none', 'mac', 'voucher']);
const OUTCOMES: ReadonlySet<string> = new Set<AccessOutcome>(['accept', ...REJECT_REASONS]);

/** One line; the device stands last, as it may hold any character. */
export function writeNote({ at, routerId, method, outcome, device }: DecisionNote): string {
  return `${at}|${routerId}|${method}|${outcome}|${device}`;
}

/** Undefined for a text of another release. */
export function readNote(text: string): DecisionNote | undefined {
  const [at = '', routerId = '', method = '', outcome = '', ...device] = text.split('|');
  if (!/^\d+$/.test(at) || !METHODS.has(method) || !OUTCOMES.has(outcome)) return undefined;
  return {
    at: Number(at),
    routerId,
    method: method as LoginMethod,
    outcome: outcome as AccessOutcome,
    device: device.join('|'),
  };
}
