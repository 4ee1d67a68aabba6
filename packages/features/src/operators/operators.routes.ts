import * as contract from '@turnpike/contracts/auth.js';
import * as seats from '@turnpike/contracts/sign-in-sessions.js';
import * as factors from '@turnpike/contracts/two-factor.js';
import { permissions } from '@turnpike/contracts/permissions.js';
import { mayActor } from '@turnpike/runtime/http/actor.js';
import { publicRoute, route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { SessionCookie } from '@turnpike/runtime/http/session-cookie.js';
import type { ApiTokensService } from './api-tokens.service.js';
import type { OperatorsService } from './operators.service.js';
import type { OwnPasswordService } from './own-password.service.js';
import { requireSession } from './own-session.js';
import type { SignInSessionsService } from './sign-in-sessions.service.js';
import type { IssuedToken, SignInService } from './sign-in.service.js';
import type { StepUpService } from './step-up.service.js';
import type { TwoFactorService } from './two-factor.service.js';

interface Deps {
  readonly signIn: SignInService;
  readonly operators: OperatorsService;
  readonly apiTokens: ApiTokensService;
  readonly stepUp: StepUpService;
  readonly twoFactor: TwoFactorService;
  readonly sessions: SignInSessionsService;
  readonly ownPassword: OwnPasswordService;
}

export function operatorRoutes(deps: Deps): RouteBinding[] {
  return [...signInRoutes(deps), ...ownRoutes(deps), ...manageRoutes(deps), ...tokenRoutes(deps)];
}

function signInRoutes({ signIn, operators, stepUp }: Deps): RouteBinding[] {
  return [
    publicRoute(contract.login, async ({ body, cookie, ...from }) =>
      handOver(await signIn.login(body, from), body.as === 'cookie' ? cookie : undefined),
    ),
    route(contract.logout, async ({ actor, requestId, cookie }) => {
      await signIn.logout(actor, requestId);
      if (cookie.used) cookie.clear();
      return null;
    }),
    route(contract.refresh, async ({ actor, cookie, ...from }) =>
      handOver(await signIn.refresh(actor, from), cookie.used ? cookie : undefined),
    ),
    route(contract.stepUp, ({ body, actor, requestId }) => stepUp.stepUp(body, actor, requestId)),
    route(contract.me, async ({ actor }) => ({
      ...(await operators.get(actor.id)),
      permissions: permissions.filter((permission) => mayActor(actor, permission)),
      stepUpUntil: await stepUp.until(actor),
    })),
  ];
}

/** What somebody does about the own account. */
function ownRoutes({ twoFactor, sessions, ownPassword }: Deps): RouteBinding[] {
  return [
    route(contract.changeOwnPassword, async ({ body, actor, requestId }) => {
      await ownPassword.change(body, actor, requestId);
      return null;
    }),
    route(factors.startTwoFactor, ({ actor }) => twoFactor.start(actor)),
    route(factors.confirmTwoFactor, ({ body, actor, requestId }) => twoFactor.confirm(body.otp, actor, requestId)),
    route(factors.removeTwoFactor, ({ actor, requestId }) => twoFactor.remove(actor, requestId)),
    route(seats.listMySessions, ({ actor }) => sessions.list(actor.id, actor)),
    route(seats.revokeMySession, async ({ params, actor, requestId, cookie }) => {
      requireSession(actor);
      await sessions.revoke({ operatorId: actor.id, id: params.id }, actor, requestId);
      if (cookie.used && params.id === actor.tokenId) cookie.clear();
    }),
  ];
}

/** Into a cookie the page's scripts cannot read, the token goes there and nowhere else. */
function handOver(issued: IssuedToken, cookie: SessionCookie | undefined): IssuedToken {
  if (cookie === undefined) return issued;
  cookie.set(issued.token, issued.expiresAt);
  return { ...issued, token: '' };
}

function manageRoutes({ operators, sessions, twoFactor }: Deps): RouteBinding[] {
  return [
    route(contract.listOperators, ({ query }) => operators.list(query)),
    route(contract.getOperator, ({ params }) => operators.get(params.id)),
    route(contract.createOperator, ({ body, actor, requestId }) => operators.create(body, actor, requestId)),
    route(contract.updateOperator, ({ params, body, actor, requestId }) =>
      operators.update(params.id, body, actor, requestId),
    ),
    route(seats.listOperatorSessions, ({ params, actor }) => sessions.list(params.id, actor)),
    route(seats.revokeOperatorSession, ({ params, actor, requestId }) =>
      sessions.revoke({ operatorId: params.id, id: params.sessionId }, actor, requestId),
    ),
    route(factors.resetTwoFactor, ({ params, actor, requestId }) => twoFactor.reset(params.id, actor, requestId)),
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
