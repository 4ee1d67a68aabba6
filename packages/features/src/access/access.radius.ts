import type { RejectReason } from '@turnpike/core/reject-reasons.js';
import { ATTR } from '@turnpike/radius/attributes.js';
import { DROP_SECRET_SUSPECT, type RadiusAnswer, type RadiusRequest } from '@turnpike/radius/udp-server.js';
import { acceptAnswer, rejectAnswer, type ReplyPolicy } from './access-reply.js';
import { isNoise, readCredentials } from './credentials.js';
import type { AccessTrace } from './access-trace.js';
import type { CustomerPasswords } from './customer-passwords.js';
import type { DecisionLog, Refused } from './decision-log.js';
import type { AccessOutcome } from './decision-note.js';
import { deviceName } from './device-lease.js';
import { readLogins, type Login, type LoginMethod, type VoucherCodes } from './login.js';
import {
  createLoginSettler,
  type AccessCase,
  type LoginSettlerOptions,
  type Verdict,
  type VoucherOrigin,
  type VoucherRedemption,
} from './login-settler.js';
import { requestedService } from './requested-service.js';

export interface VoucherLogins extends VoucherCodes {
  redeem(code: string, origin: VoucherOrigin): Promise<VoucherRedemption>;
  /** See LoginSettlerOptions.admitVoucher; left out: all may try. */
  admit?(origin: VoucherOrigin): Promise<boolean>;
}

export interface AccessHandlerOptions extends Omit<LoginSettlerOptions, 'redeemVoucher'> {
  readonly passwords: CustomerPasswords;
  readonly policy: ReplyPolicy;
  readonly routerOf: (request: RadiusRequest) => string | undefined;
  readonly siteOf: (routerId: string) => string | null;
  readonly onOutcome: (outcome: AccessOutcome) => void;
  readonly decisions: Pick<DecisionLog, 'refused'>;
  /** Undefined: nothing is traced. */
  readonly trace?: AccessTrace | undefined;
  /** Undefined: codes are names like others. */
  readonly vouchers?: VoucherLogins | undefined;
}

export type AccessAnswer = RadiusAnswer | typeof DROP_SECRET_SUSPECT | undefined;

const NO_NAME = Buffer.alloc(0);

/** Refusals after which the request is read another way, as a name may look like something it is not. */
const READ_ON: ReadonlySet<RejectReason> = new Set(['unknown_user', 'mac_login_off']);

/**
 * Answers Access-Requests. Rejects, and so sends no reply, when no store can tell: an error of ours never becomes an
 * Access-Reject.
 */
export function createAccessHandler(options: AccessHandlerOptions) {
  const { passwords, policy, vouchers, trace } = options;
  const settle = createLoginSettler({
    ...options,
    redeemVoucher: vouchers && ((code, origin) => vouchers.redeem(code, origin)),
    admitVoucher: async (origin) => (await vouchers?.admit?.(origin)) ?? true,
  });

  return async (request: RadiusRequest): Promise<AccessAnswer> => {
    const routerId = options.routerOf(request);
    if (routerId === undefined) return undefined;
    const service = requestedService(request.packet);
    const credentials = readCredentials(request, { encrypted: service === 'pppoe' });
    if (!request.signed && isNoise(credentials)) return DROP_SECRET_SUSPECT;
    const username = request.packet.get(ATTR.USER_NAME) ?? NO_NAME;
    const device = deviceName(request.packet.text(ATTR.CALLING_STATION_ID));
    const router = { id: routerId, site: options.siteOf(routerId) };
    const asked: AccessCase = { request, routerId, device, place: { service, router, device } };
    if (credentials.method === 'eap') return refuse(asked, 'eap_unsupported', 'eap', { username });
    if (username.length === 0) return refuse(asked, 'unknown_user', credentials.method, { username });
    return answer(asked, readLogins({ username, credentials, device, vouchers, passwords }), username);
  };

  async function answer(asked: AccessCase, logins: readonly Login[], username: Buffer): Promise<RadiusAnswer> {
    let telling: { verdict: Extract<Verdict, { kind: 'reject' }>; method: LoginMethod } | undefined;
    for (const login of logins) {
      const verdict = await settle(asked, login);
      if (verdict.kind === 'accept') {
        options.onOutcome('accept');
        const { decision, classToken } = verdict;
        trace?.accepted(asked, decision);
        return acceptAnswer({ decision, classToken, proof: login.proof(), policy });
      }
      if (telling === undefined || verdict.reason !== 'unknown_user') telling = { verdict, method: login.method };
      if (!READ_ON.has(verdict.reason)) break;
    }
    const { reason, customerId } = telling?.verdict ?? { reason: 'unknown_user', customerId: undefined };
    return refuse(asked, reason, telling?.method ?? 'none', customerId === undefined ? { username } : { customerId });
  }

  function refuse(asked: AccessCase, reason: RejectReason, method: LoginMethod, whom: Refused): RadiusAnswer {
    options.onOutcome(reason);
    const { request, routerId, device = '' } = asked;
    trace?.refused(asked, reason, 'customerId' in whom ? whom.customerId : undefined);
    options.decisions.refused(whom, { at: request.receivedAt.getTime(), routerId, method, outcome: reason, device });
    return rejectAnswer(reason, policy);
  }
}
