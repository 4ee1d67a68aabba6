import { z } from 'zod';
import { displayName, id, idParams, instant, page, pageQuery } from './common.js';
import { endpoint } from './endpoint.js';
import { permissions, roles } from './permissions.js';

const tag = 'operators';

const email = z.email().max(254).toLowerCase();
const password = z.string().min(12, 'must be at least 12 characters').max(200);

export const operator = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
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
  summary: 'Sign in with e-mail and password; gives a bearer token',
  allow: 'public',
  body: z.strictObject({ email, password: z.string().min(1).max(200) }),
  response: issuedToken,
});

export const logout = endpoint({
  method: 'post',
  path: '/auth/logout',
  tag,
  summary: 'Revoke the token that this request carries, everywhere, at once',
  allow: 'signed-in',
  status: 204,
  response: z.null(),
});

export const refresh = endpoint({
  method: 'post',
  path: '/auth/refresh',
  tag,
  summary: 'Exchange a session token for a new one; the old one is revoked',
  allow: 'signed-in',
  response: issuedToken,
});

export const me = endpoint({
  method: 'get',
  path: '/me',
  tag,
  summary: 'Who am I, and what may I do',
  allow: 'signed-in',
  response: operator.extend({ permissions: z.array(z.enum(permissions)) }),
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

export const createOperator = endpoint({
  method: 'post',
  path: '/operators',
  tag,
  summary: 'Add an operator',
  allow: 'operators:manage',
  body: z.strictObject({ email, name: displayName, role: z.enum(roles), password }),
  status: 201,
  response: operator,
});

export const updateOperator = endpoint({
  method: 'patch',
  path: '/operators/{id}',
  tag,
  summary: 'Change name, role or password, disable or enable; a disabled operator is signed out everywhere',
  allow: 'operators:manage',
  params: idParams,
  body: z.strictObject({
    name: displayName.optional(),
    role: z.enum(roles).optional(),
    password: password.optional(),
    disabled: z.boolean().optional(),
  }),
  response: operator,
});

export const listApiTokens = endpoint({
  method: 'get',
  path: '/api-tokens',
  tag,
  summary: 'List my API tokens',
  allow: 'tokens:manage',
  query: pageQuery,
  response: page(apiToken),
});

export const createApiToken = endpoint({
  method: 'post',
  path: '/api-tokens',
  tag,
  summary: 'Make an API token; its text is shown this once. Empty scopes: everything I may do',
  allow: 'tokens:manage',
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
  params: idParams,
  status: 204,
  response: z.null(),
});

export const listAudit = endpoint({
  method: 'get',
  path: '/audit',
  tag,
  summary: 'Who changed what, newest first',
  allow: 'audit:read',
  query: pageQuery,
  response: page(
    z.object({
      id: z.string(),
      at: instant,
      actor: z.string(),
      action: z.string(),
      subjectType: z.string(),
      subjectId: z.string(),
      requestId: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});
