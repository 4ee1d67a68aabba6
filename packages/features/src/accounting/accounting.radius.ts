import { CODE } from '@turnpike/radius/attributes.js';
import type { RadiusAnswer, RadiusRequest } from '@turnpike/radius/udp-server.js';
import type { AccountingIntake, IntakePath } from './accounting-intake.js';
import { recordOf, type RecordDeps } from './accounting-packet.js';
import type { AccountingKind } from './accounting-record.js';

export interface AccountingHandlerOptions extends RecordDeps {
  readonly intake: AccountingIntake;
  readonly routerOf: (request: RadiusRequest) => string | undefined;
  readonly onKept: (kind: AccountingKind, path: IntakePath) => void;
}

const RESPONSE: RadiusAnswer = { code: CODE.ACCOUNTING_RESPONSE, attributes: [] };

/** Answers Accounting-Requests once they are durable; rejects, and so sends no reply, when no store took them. */
export function createAccountingHandler(options: AccountingHandlerOptions) {
  const { intake, routerOf, onKept } = options;
  return async (request: RadiusRequest): Promise<RadiusAnswer | undefined> => {
    const routerId = routerOf(request);
    if (routerId === undefined) return undefined;
    const { packet, receivedAt } = request;
    const record = recordOf({ packet, routerId, receivedAt }, options);
    if (record === undefined) return undefined;
    onKept(record.kind, await intake.keep(record));
    return RESPONSE;
  };
}
