import { assertNever } from '@turnpike/core/assert-never.js';
import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import { decideAccess, type AccessPlace, type Usage } from './access-decision.js';
import { DECISION_WORDS, packageWords, REMEDIES, timeWords } from './access-words.js';
import type { AccessOutcome, DecisionNote } from './decision-note.js';
import type { DeviceHold } from './device-holders.js';
import type { SnapshotEntitlement, SubjectSnapshot } from './subject-snapshot.js';

/** What is known of a customer for the answer. */
export interface AccessFacts {
  readonly username: string;
  readonly snapshot: SubjectSnapshot;
  readonly packageNames: ReadonlyMap<string, string>;
  /** Newest first. */
  readonly notes: readonly DecisionNote[];
  /** False while Redis is away: then nothing is known of logins and places. */
  readonly notesKnown: boolean;
  /** Router of the newest decision, undefined when there is none or it is gone. */
  readonly router: AccessPlace['router'];
  readonly holdersOf: (entitlementId: string) => readonly DeviceHold[];
  readonly now: Date;
}

export interface Explanation {
  readonly verdict: AccessOutcome;
  readonly message: string;
  readonly remedy: string | null;
}

const RECENT_MS = 24 * 3_600_000;

/** Of these only a login can tell: they lie in what the customer or the router does. */
const OF_THE_LOGIN: ReadonlySet<AccessOutcome> = new Set<RejectReason>([
  'wrong_password',
  'unsupported_method',
  'eap_unsupported',
  'mac_login_off',
  'wrong_service',
]);

/** What would be decided now of somebody with the right password, where and with what they tried last. */
export function explainAccess(facts: AccessFacts): Explanation {
  const { username, snapshot, notes, now } = facts;
  const [last] = notes;
  const decision = decideAccess({
    subject: snapshot,
    checkCredentials: () => 'ok',
    place: { service: undefined, router: facts.router, device: likelyDevice(facts) },
    byDevice: false,
    usage: NO_NEWER_USAGE,
    now,
  });
  if (decision.kind === 'reject') return refusal(facts, decision.reason);
  const { entitlement } = decision;
  const holders = facts.holdersOf(entitlement.id);
  const isFull = holders.length >= entitlement.devices && !holders.some(({ device }) => device === last?.device);
  if (isFull) return tooManyDevices(facts, entitlement, holders);
  const fine = `${username} may go online with ${nameOf(facts, entitlement)}`;
  if (last === undefined) return { verdict: 'accept', ...silent(facts, fine) };
  if (last.outcome === 'accept' || last.at < now.getTime() - RECENT_MS) {
    return {
      verdict: 'accept',
      message: `${fine}; the last login, at ${timeWords(last.at)}, ${words(last)}.`,
      remedy: null,
    };
  }
  if (!OF_THE_LOGIN.has(last.outcome)) {
    const message = `${fine}; what stood in the way at ${timeWords(last.at)}, when a login ${words(last)}, is settled.`;
    return { verdict: 'accept', message, remedy: 'Have the customer log in again.' };
  }
  const message = `The last login of ${username}, at ${timeWords(last.at)}, ${words(last)}${timesOver(notes)}; otherwise ${fine}.`;
  return { verdict: last.outcome, message, remedy: REMEDIES[last.outcome] };
}

const NO_NEWER_USAGE: ReadonlyMap<string, Usage> = new Map();

/** The one that tried last; where only listed ones may log in and none has tried, one of the list. */
function likelyDevice({ notes, snapshot }: AccessFacts): string | undefined {
  const tried = notes[0]?.device;
  if (tried !== undefined && tried !== '') return tried;
  return snapshot.devicesOnly ? snapshot.devices.find((device) => !device.blocked)?.mac : undefined;
}

function silent({ notesKnown }: AccessFacts, fine: string): Pick<Explanation, 'message' | 'remedy'> {
  if (!notesKnown) return { message: `${fine}; past logins cannot be read just now.`, remedy: null };
  return {
    message: `${fine}, but no login has reached us in the last seven days.`,
    remedy: 'Check that the customer is at one of our routers and that the router asks this server (router status).',
  };
}

function refusal(facts: AccessFacts, reason: RejectReason): Explanation {
  return {
    verdict: reason,
    message: `${facts.username} cannot go online: ${obstacle(facts, reason)}.`,
    remedy: REMEDIES[reason],
  };
}

function obstacle(facts: AccessFacts, reason: RejectReason): string {
  const { snapshot, notes } = facts;
  const device = notes[0]?.device ?? '';
  const packages = snapshot.entitlements.map((entitlement) => nameOf(facts, entitlement)).join('; ');
  switch (reason) {
    case 'suspended':
      return snapshot.status === 'suspended' ? 'the customer is suspended' : `the package is suspended: ${packages}`;
    case 'device_blocked':
      return `the device ${device} is blocked`;
    case 'device_not_allowed':
      return `only listed devices may log in, and ${device === '' ? 'none is listed' : `${device} is not among them`}`;
    case 'no_entitlement':
      return snapshot.entitlements.length === 0 ? 'no package was ever bought' : `no package can be used: ${packages}`;
    case 'wrong_site':
      return `the package is not valid where the last login came from: ${packages}`;
    case 'outside_schedule':
      return `it is outside the hours of the package: ${packages}`;
    case 'exhausted':
      return `the package is used up: ${packages}`;
    case 'expired':
      return `the package has expired: ${packages}`;
    case 'not_started':
      return `the package has not started yet: ${packages}`;
    case 'unknown_user':
    case 'unsupported_method':
    case 'eap_unsupported':
    case 'wrong_password':
    case 'mac_login_off':
    case 'wrong_service':
    case 'too_many_devices':
    case 'voucher_revoked':
    case 'voucher_expired':
    case 'voucher_used':
    case 'too_many_guesses':
      return `a login ${DECISION_WORDS[reason]}`;
    default:
      return assertNever(reason);
  }
}

function tooManyDevices(
  facts: AccessFacts,
  entitlement: SnapshotEntitlement,
  holders: readonly DeviceHold[],
): Explanation {
  const held = holders
    .map(({ device, until }) => `${device} (until ${timeWords(until)} if it stays silent)`)
    .join(', ');
  const message =
    `Another device of ${facts.username} cannot go online: ${nameOf(facts, entitlement)} allows ` +
    `${entitlement.devices} at once, and these hold a place: ${held}.`;
  return { verdict: 'too_many_devices', message, remedy: REMEDIES.too_many_devices };
}

function nameOf({ packageNames }: AccessFacts, entitlement: SnapshotEntitlement): string {
  return packageWords(packageNames.get(entitlement.id) ?? 'a package', entitlement);
}

function words({ outcome, device }: DecisionNote): string {
  return `${DECISION_WORDS[outcome]}${device === '' ? '' : ` (device ${device})`}`;
}

/** How often the same happened in a row. */
function timesOver(notes: readonly DecisionNote[]): string {
  const [last] = notes;
  const other = notes.findIndex((note) => note.outcome !== last?.outcome);
  const times = other === -1 ? notes.length : other;
  return times < 2 ? '' : `, ${times} times in a row`;
}
