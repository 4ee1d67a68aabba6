import type { SettingGroup, SettingsView } from '@turnpike/contracts/settings.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Settings } from './setting-groups.js';
import type { SettingRow } from './settings.store.js';

interface Held {
  readonly rows: ReadonlyMap<SettingGroup, SettingRow>;
  /** Names of operators by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly publicUrl: string;
}

/** Everything but secrets. */
export function toSettingsView(settings: Settings, held: Held): SettingsView {
  const { mpesa, sms, mail, branding, tax, retention } = settings;
  const { options: _options, ...server } = mail;
  const of = (group: SettingGroup) => heldBy(held, group);
  return {
    mpesa: {
      ...of('mpesa'),
      url: mpesa.url,
      shortcode: mpesa.shortcode,
      consumerKey: state(mpesa.consumerKey),
      consumerSecret: state(mpesa.consumerSecret),
      passkey: state(mpesa.passkey),
      c2bToken: state(mpesa.c2bToken),
      callbackAllow: [...mpesa.callbackAllow],
    },
    sms: { ...of('sms'), ...sms, apiKey: state(sms.apiKey), callbackToken: state(sms.callbackToken) },
    mail: { ...of('mail'), ...server, password: state(mail.password) },
    branding: { ...of('branding'), ...branding },
    tax: { ...of('tax'), ...tax },
    retention: { ...of('retention'), ...retention },
    publicUrl: held.publicUrl,
  };
}

function state(secret: Secret | null): { isSet: boolean } {
  return { isSet: secret !== null };
}

function heldBy({ rows, names }: Held, group: SettingGroup) {
  const row = rows.get(group);
  if (row === undefined) return { source: 'environment' as const, updatedAt: null, updatedBy: null };
  const { updatedAt, updatedBy } = row;
  return {
    source: 'console' as const,
    updatedAt: updatedAt.toISOString(),
    updatedBy: { id: updatedBy, name: names.get(updatedBy) ?? updatedBy },
  };
}
