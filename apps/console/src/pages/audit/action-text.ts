import type { SayOf } from '../../words/say-of.js';
import type { actionWords } from './action-words.js';
import type { auditWords } from './audit-words.js';

type Verb = keyof typeof actionWords.texts.en;

/** By what follows the dot of an action. */
const VERBS: ReadonlyMap<string, Verb> = new Map([
  ['create', 'added'],
  ['created', 'added'],
  ['add', 'added'],
  ['update', 'changed'],
  ['updated', 'changed'],
  ['changed', 'changed'],
  ['reset', 'wasReset'],
  ['tested', 'tested'],
  ['password_changed', 'passwordChanged'],
  ['delete', 'deleted'],
  ['remove', 'deleted'],
  ['deploy', 'deployed'],
  ['rollback', 'rolledBack'],
  ['reset-provisioning', 'resetProvisioning'],
  ['rotate-radius-secret', 'rotatedSecret'],
  ['retire-radius-secret', 'retiredSecret'],
  ['call-home', 'calledHome'],
  ['activate', 'activated'],
  ['deactivate', 'deactivated'],
  ['archive', 'archived'],
  ['suspend', 'suspended'],
  ['resume', 'resumed'],
  ['grant', 'granted'],
  ['erase', 'erased'],
  ['export', 'exported'],
  ['reveal_phone', 'revealed'],
  ['send_credentials', 'sentCredentials'],
  ['stop_notices', 'stoppedNotices'],
  ['disconnect', 'disconnected'],
  ['rate', 'rated'],
  ['lookup_ip', 'lookedUp'],
  ['redeem', 'redeemed'],
  ['revoke', 'revoked'],
  ['revoked', 'revoked'],
  ['resolve', 'resolved'],
  ['refund', 'refunded'],
  ['enter', 'entered'],
  ['sell_cash', 'soldCash'],
  ['sell_wallet', 'soldWallet'],
  ['import_statement', 'importedStatement'],
  ['top_up', 'toppedUp'],
  ['sale', 'sold'],
  ['adjust', 'adjusted'],
  ['signed_in', 'signedIn'],
  ['signed_out', 'signedOut'],
  ['stepped_up', 'steppedUp'],
  ['session_revoked', 'sessionRevoked'],
  ['session_refreshed', 'sessionRefreshed'],
  ['two_factor_enabled', 'twoFactorOn'],
  ['two_factor_removed', 'twoFactorOff'],
  ['two_factor_reset', 'twoFactorReset'],
  ['invalidated', 'invalidated'],
  ['acknowledge', 'takenOver'],
]);

/** What things of the audit trail are about; actions begin with one of them and a dot. */
export const areas = [
  'router',
  'customer',
  'entitlement',
  'device',
  'package',
  'voucher',
  'vouchers',
  'payment',
  'wallet',
  'agent',
  'operator',
  'api_token',
  'session',
  'cache',
  'alert',
  'alert_rule',
  'report_schedule',
  'settings',
] as const;

/** `Router · added`; of an action that is not known here its own words. */
export function actionText(action: string, area: SayOf<typeof auditWords>, verb: SayOf<typeof actionWords>): string {
  const dot = action.indexOf('.');
  const [subject, what] = [action.slice(0, dot), action.slice(dot + 1)];
  const known = areas.find((name) => name === subject);
  const key = VERBS.get(what);
  const noun = known === undefined ? plain(subject) : area(known);
  return `${noun} · ${key === undefined ? plain(what) : verb(key)}`;
}

function plain(word: string): string {
  return word.replaceAll(/[_-]/g, ' ');
}
