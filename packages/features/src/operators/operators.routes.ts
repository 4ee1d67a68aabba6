import * as contract from '@turnpike/contracts/auth.js';
import { permissions } from '@turnpike/contracts/permissions.js';
import { mayActor } from '@turnpike/runtime/http/actor.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { ApiTokensService } from './api-tokens.service.js';
import type { OperatorsService } from './operators.service.js';
import type { SignInService } from './sign-in.service.js';

interface Deps {
  readonly signIn: SignInService;
  readonly operators: OperatorsService;
  readonly apiTokens: ApiTokensService;
}

export function operatorRoutes(deps: Deps): RouteBinding[] {
  return [...signInRoutes(deps), ...manageRoutes(deps), ...tokenRoutes(deps)];
}

function signInRoutes({ signIn, operators }: Deps): RouteBinding[] {
  return [
    publicRoute(contract.login, ({ body, ip, requestId }) => signIn.login(body, { ip, requestId })),
    route(contract.logout, async ({ actor, requestId }) => {
      await signIn.logout(actor, requestId);
      return null;
    }),
    route(contract.refresh, ({ actor, requestId }) => signIn.refresh(actor, requestId)),
    route(contract.me, async ({ actor }) => ({
      ...(await operators.get(actor.id)),
      permissions: permissions.filter((permission) => mayActor(actor, permission)),
    })),
  ];
}

function manageRoutes({ operators }: Deps): RouteBinding[] {
  return [
    route(contract.listOperators, ({ query }) => operators.list(query)),
    route(contract.createOperator, ({ body, actor, requestId }) => operators.create(body, actor, requestId)),
    route(contract.updateOperator, ({ params, body, actor, requestId }) =>
      operators.update(params.id, body, actor, requestId),
    ),
  ];
}

function tokenRoutes({ apiTokens }: Deps): RouteBinding[] {
  return [
    route(contract.listApiTokens, ({ actor, query }) => apiTokens.list(actor, query)),
    route(contract.createApiToken, ({ body, actor, requestId }) => apiTokens.create(body, actor, requestId)),
    route(contract.revokeApiToken, async ({ params, actor, requestId }) => {
      await apiTokens.revoke(params.id, actor, requestId);
      return null;
    }),
  ];
}
