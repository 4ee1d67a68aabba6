import { checkMpesa, type Checked, type SettingGroup } from '@turnpike/contracts/settings.js';
import { invalidField } from '@turnpike/core/app-error.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import type { Transact } from '@turnpike/db/database.js';
import type { Requester } from '@turnpike/queue/requester.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from '../audit/audit.store.js';
import { maskRecipient } from '../notifications/log-provider.js';
import { checkPlace, type CheckOrder } from './check-order.js';
import { ownMachine, refuse, secretsToEnterAgain, type PlainGroup } from './setting-rules.js';
import type { SettingsService } from './settings.service.js';

/** Tries the settings out. Only workers talk to the outside, so one of them is asked; `unavailable` when none answers. */
export interface SettingsChecks {
  /** With the keys that hold, or those given in their place. */
  mpesa(given: PlainGroup, context: ChangeContext, signal: AbortSignal): Promise<Checked>;
  mail(to: string, context: ChangeContext, signal: AbortSignal): Promise<Checked>;
  /** `to` in any notation of the country. */
  sms(to: string, context: ChangeContext, signal: AbortSignal): Promise<Checked>;
}

interface Deps {
  readonly requester: Pick<Requester, 'request'>;
  readonly settings: Pick<SettingsService, 'plain'>;
  readonly secretBox: Pick<SecretBox, 'seal'>;
  readonly transact: Transact;
  readonly allowLoopback: boolean;
}

const NEEDED = { url: 'is needed', consumerKey: 'is needed', consumerSecret: 'is needed' } as const;

export function createSettingsChecks(deps: Deps): SettingsChecks {
  /** Keys and addresses of people travel sealed: jobs carry nothing that can be read. */
  async function ask(order: CheckOrder, signal: AbortSignal): Promise<Checked> {
    const checkId = uuidv7();
    const sealed = deps.secretBox.seal(JSON.stringify(order), checkPlace(checkId));
    return checkMpesa.response.parse(await deps.requester.request('settings.check', { checkId, sealed }, signal));
  }

  async function noteSent(group: SettingGroup, to: string, context: ChangeContext): Promise<void> {
    const subject = { subjectType: 'settings', subjectId: group };
    const details = { to: maskRecipient(to) };
    await deps.transact((tx) => appendAudit(tx, { ...context, action: 'settings.tested', ...subject, details }));
  }

  return {
    mpesa: async (given, context, signal) => {
      const before = await deps.settings.plain('mpesa');
      refuse([
        // The passkey is not sent for this.
        ...secretsToEnterAgain('mpesa', before, given).filter(({ path }) => path in NEEDED),
        ...ownMachine(given, deps.allowLoopback),
      ]);
      const value = (name: keyof typeof NEEDED): string => {
        const found = given[name] ?? before[name];
        if (typeof found !== 'string') throw invalidField(name, NEEDED[name]);
        return found;
      };
      const [url, consumerKey, consumerSecret] = [value('url'), value('consumerKey'), value('consumerSecret')];
      const subject = { subjectType: 'settings', subjectId: 'mpesa' };
      await deps.transact((tx) =>
        appendAudit(tx, { ...context, action: 'settings.tested', ...subject, details: { url } }),
      );
      return ask({ kind: 'mpesa', url, consumerKey, consumerSecret }, signal);
    },
    mail: async (to, context, signal) => {
      await noteSent('mail', to, context);
      return ask({ kind: 'mail', to }, signal);
    },
    sms: async (to, context, signal) => {
      const msisdn = parseMsisdn(to);
      if (msisdn === undefined) throw invalidField('to', 'must be a phone number such as 0712 345 678');
      await noteSent('sms', msisdn, context);
      return ask({ kind: 'sms', to: msisdn }, signal);
    },
  };
}
