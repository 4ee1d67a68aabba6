import { z } from 'zod';
import { displayName, id, idParams, instant, page, pageQuery } from './common.js';
import { endpoint } from './endpoint.js';
import { permissions, roles } from './permissions.js';

const tag = 'operators';

const email = z.email().max(254).toLowerCase();
/** Limits an operator to these sites, named as routers name theirs; null: no limit. */
const sites = z.array(displayName).min(1, 'name a site, or send null for all').max(200).nullable();
const password = z.string().min(12, 'must be at least 12 characters').max(200);

/** Six digits of an authenticator, or a recovery code. */
const otp = z.string().trim().min(6).max(40);

export const operator = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  /** The sites that this operator is limited to; null: everything everywhere. */
  sites: z.array(z.string()).nullable(),
  /** A code of an authenticator is asked for at the login. */
  twoFactor: z.boolean(),
  disabledAt: instant.nullable(),
  createdAt: instant,
});
export type OperatorView = z.infer<typeof operator>;

export const apiToken = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.enum(permissions)),
  createdAt: instant,
  expiresAt: instant.nullable(),
});
export type ApiTokenView = z.infer<typeof apiToken>;

const issuedToken = z.object({ token: z.string(), expiresAt: instant });

export const login = endpoint({
  method: 'post',
  path: '/auth/login',
  tag,
  summary:
    'Sign in with e-mail, password and, with two-factor authentication, a code of the authenticator or a recovery code as `otp`. Gives a bearer token, or with `as: cookie` a session cookie and an empty token. 401 with code second_factor_required: ask for `otp`',
  allow: 'public',
  body: z.strictObject({
    email,
    password: z.string().min(1).max(200),
    otp: otp.optional(),
    as: z.enum(['token', 'cookie']).default('token'),
  }),
  response: issuedToken,
});

export const logout = endpoint({
  method: 'post',
  path: '/auth/logout',
  tag,
  summary: 'Revoke the token that this request carries, everywhere, at once; clears the session cookie',
  allow: 'signed-in',
  status: 204,
  response: z.null(),
});

export const refresh = endpoint({
  method: 'post',
  path: '/auth/refresh',
  tag,
  summary: 'Exchange a session for a new one; the old one is revoked. A session by cookie gets a new cookie',
  allow: 'signed-in',
  response: issuedToken,
});

export const me = endpoint({
  method: 'get',
  path: '/me',
  tag,
  summary: 'Who am I, and what may I do',
  allow: 'signed-in',
  response: operator.extend({
    permissions: z.array(z.enum(permissions)),
    /** Until then this session may do what asks for the password once more; null: it will be asked. */
    stepUpUntil: instant.nullable(),
  }),
});

export const stepUp = endpoint({
  method: 'post',
  path: '/auth/step-up',
  tag,
  summary:
    'Say once more who I am, with the password or a code of the authenticator: for 10 minutes this session may do what answers 403 with code step_up_required',
  allow: 'signed-in',
  body: z
    .strictObject({ password: z.string().min(1).max(200).optional(), otp: otp.optional() })
    .refine((body) => body.password !== undefined || body.otp !== undefined, 'send the password or an otp'),
  response: z.object({ stepUpUntil: instant }),
});

export const changeOwnPassword = endpoint({
  method: 'post',
  path: '/me/password',
  tag,
  summary: 'Change my password; my other sessions end, API tokens stay',
  allow: 'signed-in',
  body: z.strictObject({ current: z.string().min(1).max(200), next: password }),
  status: 204,
  response: z.null(),
});

export const listOperators = endpoint({
  method: 'get',
  path: '/operators',
  tag,
  summary: 'List operators',
  allow: 'operators:manage',
  query: pageQuery,
  response: page(operator),
});

export const getOperator = endpoint({
  method: 'get',
  path: '/operators/{id}',
  tag,
  summary: 'One operator',
  allow: 'operators:manage',
  params: idParams,
  response: operator,
});

export const createOperator = endpoint({
  method: 'post',
  path: '/operators',
  tag,
  summary: 'Add an operator',
  allow: 'operators:manage',
  stepUp: true,
  body: z.strictObject({ email, name: displayName, role: z.enum(roles), password, sites: sites.default(null) }),
  status: 201,
  response: operator,
});

export const updateOperator = endpoint({
  method: 'patch',
  path: '/operators/{id}',
  tag,
  summary: 'Change name, role, sites or password, disable or enable; a disabled operator is signed out everywhere',
  allow: 'operators:manage',
  stepUp: true,
  params: idParams,
  body: z.strictObject({
    name: displayName.optional(),
    role: z.enum(roles).optional(),
    password: password.optional(),
    disabled: z.boolean().optional(),
    sites: sites.optional(),
  }),
  response: operator,
});

export const listApiTokens = endpoint({
  method: 'get',
  path: '/api-tokens',
  tag,
  summary: 'List my API tokens',
  allow: 'tokens:manage',
  scope: 'site',
  query: pageQuery,
  response: page(apiToken),
});

export const createApiToken = endpoint({
  method: 'post',
  path: '/api-tokens',
  tag,
  summary: 'Make an API token; its text is shown this once. Empty scopes: everything I may do',
  allow: 'tokens:manage',
  scope: 'site',
  stepUp: true,
  body: z.strictObject({
    name: displayName,
    scopes: z.array(z.enum(permissions)).default([]),
    expiresAt: instant.optional(),
  }),
  status: 201,
  response: apiToken.extend({ token: z.string() }),
});

export const revokeApiToken = endpoint({
  method: 'delete',
  path: '/api-tokens/{id}',
  tag,
  summary: 'Revoke an API token',
  allow: 'tokens:manage',
  scope: 'site',
  params: idParams,
  status: 204,
  response: z.null(),
});
