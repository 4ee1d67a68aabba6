import * as contract from '@turnpike/contracts/settings.js';
import { changeContext } from '@turnpike/runtime/http/change-context.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { SettingsChecks } from './settings-checks.js';
import type { SettingsService } from './settings.service.js';

interface Deps {
  readonly settings: SettingsService;
  readonly checks: SettingsChecks;
}

const resets = [
  ['mpesa', contract.resetMpesa],
  ['sms', contract.resetSms],
  ['mail', contract.resetMail],
  ['branding', contract.resetBranding],
  ['tax', contract.resetTax],
  ['retention', contract.resetRetention],
] as const;

export function settingsRoutes({ settings, checks }: Deps): RouteBinding[] {
  return [
    route(contract.getSettings, () => settings.list()),
    route(contract.changeMpesa, async ({ body, ...call }) => {
      return (await settings.change('mpesa', body, changeContext(call))).mpesa;
    }),
    route(contract.changeSms, async ({ body, ...call }) => {
      return (await settings.change('sms', body, changeContext(call))).sms;
    }),
    route(contract.changeMail, async ({ body, ...call }) => {
      return (await settings.change('mail', body, changeContext(call))).mail;
    }),
    route(contract.changeBranding, async ({ body, ...call }) => {
      return (await settings.change('branding', body, changeContext(call))).branding;
    }),
    route(contract.changeTax, async ({ body, ...call }) => {
      return (await settings.change('tax', body, changeContext(call))).tax;
    }),
    route(contract.changeRetention, async ({ body, ...call }) => {
      return (await settings.change('retention', body, changeContext(call))).retention;
    }),
    ...resets.map(([group, endpoint]) =>
      route(endpoint, async (call) => {
        await settings.reset(group, changeContext(call));
        return null;
      }),
    ),
    route(contract.checkMpesa, ({ body, signal, ...call }) => checks.mpesa(body, changeContext(call), signal)),
    route(contract.testMail, ({ body, signal, ...call }) => checks.mail(body.to, changeContext(call), signal)),
    route(contract.testSms, ({ body, signal, ...call }) => checks.sms(body.to, changeContext(call), signal)),
  ];
}
