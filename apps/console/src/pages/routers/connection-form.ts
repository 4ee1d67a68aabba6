import type { RouterDetailsView, createRouter, updateRouter } from '@turnpike/contracts/routers.js';
import type { z } from 'zod';

/** What is typed about a router; text as it stands in the fields. */
export interface ConnectionValues {
  readonly name: string;
  readonly site: string;
  readonly address: string;
  readonly apiPort: string;
  readonly apiUsername: string;
  readonly apiPassword: string;
  readonly tls: boolean;
  readonly tlsFingerprint: string;
  readonly nasAddress: string;
  readonly messageAuthenticator: RouterDetailsView['messageAuthenticator'];
  readonly radiusRateLimit: string;
}

type Create = z.input<typeof createRouter.body>;
type Update = z.input<typeof updateRouter.body>;

export const newConnection: ConnectionValues = {
  name: '',
  site: '',
  address: '',
  apiPort: '',
  apiUsername: '',
  apiPassword: '',
  tls: true,
  tlsFingerprint: '',
  nasAddress: '',
  messageAuthenticator: 'required',
  radiusRateLimit: '',
};

export function connectionOf(router: RouterDetailsView): ConnectionValues {
  return {
    name: router.name,
    site: router.site ?? '',
    address: router.address ?? '',
    apiPort: String(router.apiPort),
    apiUsername: router.apiUsername,
    apiPassword: '',
    tls: router.tls,
    tlsFingerprint: router.tlsFingerprint ?? '',
    nasAddress: router.nasAddress ?? '',
    messageAuthenticator: router.messageAuthenticator,
    radiusRateLimit: router.radiusRateLimit === null ? '' : String(router.radiusRateLimit),
  };
}

/** `isKnown`: the address is given; without, the router calls us and brings it along. */
export function createBodyOf(values: ConnectionValues, isKnown: boolean): Create {
  const site = values.site.trim() === '' ? {} : { site: values.site.trim() };
  if (!isKnown) return { name: values.name.trim(), ...site };
  return {
    name: values.name.trim(),
    ...site,
    address: values.address.trim(),
    tls: values.tls,
    ...(values.apiPort.trim() === '' ? {} : { apiPort: Number(values.apiPort) }),
    ...(values.apiUsername.trim() === '' ? {} : { apiUsername: values.apiUsername.trim() }),
    ...(values.apiPassword === '' ? {} : { apiPassword: values.apiPassword }),
  };
}

/** Only what differs from what is stored; an emptied field takes the value away where there may be none. */
export function updateBodyOf(values: ConnectionValues, router: RouterDetailsView): Update {
  const before = connectionOf(router);
  const body: Update = {};
  const differs = (name: keyof ConnectionValues) => values[name] !== before[name];
  if (differs('name')) body.name = values.name.trim();
  if (differs('site')) body.site = values.site.trim() === '' ? null : values.site.trim();
  if (differs('address') && values.address.trim() !== '') body.address = values.address.trim();
  if (differs('apiPort') && values.apiPort.trim() !== '') body.apiPort = Number(values.apiPort);
  if (differs('apiUsername')) body.apiUsername = values.apiUsername.trim();
  if (values.apiPassword !== '') body.apiPassword = values.apiPassword;
  if (differs('tls')) body.tls = values.tls;
  if (differs('tlsFingerprint')) body.tlsFingerprint = textOrNull(values.tlsFingerprint);
  if (differs('nasAddress')) body.nasAddress = textOrNull(values.nasAddress);
  if (differs('messageAuthenticator')) body.messageAuthenticator = values.messageAuthenticator;
  if (differs('radiusRateLimit')) {
    body.radiusRateLimit = values.radiusRateLimit.trim() === '' ? null : Number(values.radiusRateLimit);
  }
  return body;
}

/** Whether a text is no number where one is due; an empty one is none. */
export function isNoNumber(text: string): boolean {
  return text.trim() !== '' && !/^\d+$/.test(text.trim());
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
