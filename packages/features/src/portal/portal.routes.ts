import * as endpoints from '@turnpike/contracts/portal.js';
import { assertNever } from '@turnpike/core/assert-never.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { parseMacAddress, type MacAddress } from '@turnpike/core/mac-address.js';
import { publicRoute, type RouteBinding } from '@turnpike/runtime/http/route.js';
import { PurchaseRefusal } from '../payments/purchase-refusal.js';
import type { Purchases } from '../payments/purchases.js';
import type { PortalRedemption, PortalVouchers } from '../vouchers/portal-vouchers.js';
import { portalSessionView } from './portal-access.js';
import type { PortalKeys } from './portal-keys.js';
import type { PortalLimits } from './portal-limits.js';
import { holderOfPass, issuePass } from './portal-pass.js';
import type { PortalService } from './portal.service.js';
import { preferredLanguage } from './words/language.js';

export interface PortalDeps {
  readonly portal: PortalService;
  readonly purchases: Purchases;
  readonly vouchers: PortalVouchers;
  readonly limits: PortalLimits;
  readonly keys: PortalKeys;
  readonly clock: Clock;
}

/** The portal for programs; what people see is in portal-pages.routes.ts. */
export function portalRoutes(deps: PortalDeps): RouteBinding[] {
  const { portal, purchases, vouchers, limits, keys, clock } = deps;
  return [
    publicRoute(endpoints.listPortalPackages, async ({ query, ip }) => {
      await limits.take('reading', ip);
      return { items: await portal.packages(query.nas) };
    }),

    publicRoute(endpoints.startPortalPurchase, async ({ body, ip, acceptLanguage }) => {
      const mac = deviceOf(body.mac);
      const { packageId, msisdn, nas: routerId } = body;
      const language = preferredLanguage(acceptLanguage);
      const wish = { packageId, msisdn, mac, routerId, createdBy: 'portal', address: ip, language };
      return purchases.start(wish).catch((error: unknown) => {
        throw error instanceof PurchaseRefusal ? error.in(language) : error;
      });
    }),

    publicRoute(endpoints.getPortalPurchase, async ({ params, acceptLanguage }) => {
      const purchase = await purchases.byReference(params.reference);
      if (purchase === undefined) throw new AppError('not_found', 'there is no purchase with this reference');
      return { ...purchase, text: purchase.message[preferredLanguage(acceptLanguage)] };
    }),

    publicRoute(endpoints.redeemPortalVoucher, async ({ body, ip, signal }) =>
      redeemed(await vouchers.redeem(body.code, { device: deviceOf(body.mac), address: ip, nas: body.nas }, signal)),
    ),

    publicRoute(endpoints.portalLogin, async ({ body, ip }) => {
      const answer = await portal.signIn(body.username, body.password, ip);
      if (answer.kind === 'suspended') throw new AppError('forbidden', 'this account is suspended: talk to the staff');
      if (answer.kind === 'wrong') throw new AppError('unauthenticated', 'username and password do not fit together');
      const { pass, expiresAt } = issuePass(keys, answer.customerId, clock.now());
      const session = portalSessionView(await portal.access(answer.customerId));
      return { pass, expiresAt: expiresAt.toISOString(), session };
    }),

    publicRoute(endpoints.getPortalSession, async ({ query, ip }) => {
      await limits.take('reading', ip);
      const customerId = await askedFor(deps, query, ip);
      return portalSessionView(customerId === undefined ? undefined : await portal.access(customerId));
    }),
  ];
}

async function askedFor(
  { portal, keys, clock }: PortalDeps,
  query: { pass?: string | undefined; reference?: string | undefined },
  ip: string,
): Promise<string | undefined> {
  if (query.pass !== undefined) {
    const customerId = holderOfPass(keys, query.pass, clock.now());
    if (customerId === undefined)
      throw new AppError('unauthenticated', 'this pass is not valid any more: log in again');
    return customerId;
  }
  if (query.reference !== undefined) return (await portal.ownerOf(query.reference)).customerId;
  return portal.holderOfAddress(ip);
}

function deviceOf(text: string | undefined): MacAddress | undefined {
  if (text === undefined) return undefined;
  const mac = parseMacAddress(text);
  if (mac === undefined) throw invalidField('mac', 'must be a MAC address such as AA:BB:CC:DD:EE:FF');
  return mac;
}

function redeemed(answer: PortalRedemption): { username: string; code: string } {
  switch (answer.kind) {
    case 'redeemed':
      return { username: answer.username, code: answer.code };
    case 'unknown':
      throw new AppError('not_found', 'there is no such code: compare it with the card, letter by letter');
    case 'revoked':
      throw new AppError('conflict', 'this code has been cancelled by the seller: ask there for another one');
    case 'expired':
      throw new AppError('conflict', 'this code was not used in time: ask where it was bought');
    case 'used':
      throw new AppError('conflict', 'this code has been used for another account already');
    case 'limited':
      throw new AppError('rate_limited', `too many wrong codes; try again in ${answer.retryAfterSeconds} seconds`, {
        extra: { retryAfterSeconds: answer.retryAfterSeconds },
      });
    default:
      return assertNever(answer);
  }
}
