import { z } from 'zod';
import { idParams } from './common.js';
import { endpoint } from './endpoint.js';

const tag = 'operators';

export const startTwoFactor = endpoint({
  method: 'post',
  path: '/me/two-factor',
  tag,
  summary:
    'Begin two-factor authentication: a secret for my authenticator app, shown this once. Nothing changes until it is confirmed; beginning again makes another secret',
  allow: 'signed-in',
  stepUp: true,
  status: 201,
  response: z.object({
    /** Base32, to type by hand. */
    secret: z.string(),
    /** `otpauth://totp/...` */
    uri: z.string(),
    /** The same as a QR code, an SVG document. */
    qrSvg: z.string(),
  }),
});

export const confirmTwoFactor = endpoint({
  method: 'post',
  path: '/me/two-factor/confirm',
  tag,
  summary:
    'Switch two-factor authentication on with a code of the authenticator; gives ten recovery codes, shown this once. My other sessions end',
  allow: 'signed-in',
  body: z.strictObject({
    otp: z
      .string()
      .trim()
      .regex(/^\d{6}$/, 'must be the six digits of the authenticator'),
  }),
  response: z.object({ recoveryCodes: z.array(z.string()).length(10) }),
});

export const removeTwoFactor = endpoint({
  method: 'delete',
  path: '/me/two-factor',
  tag,
  summary: 'Switch two-factor authentication off for me; its recovery codes are void',
  allow: 'signed-in',
  stepUp: true,
  status: 204,
  response: z.null(),
});

export const resetTwoFactor = endpoint({
  method: 'post',
  path: '/operators/{id}/two-factor/reset',
  tag,
  summary:
    'Switch two-factor authentication off for an operator who lost the authenticator and the recovery codes; ends the sessions of that operator',
  allow: 'operators:manage',
  stepUp: true,
  params: idParams,
  status: 204,
  response: z.null(),
});
