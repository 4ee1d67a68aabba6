import { z } from 'zod';
import { api, type Instance } from '../instance.js';
import type { TruePush } from './daraja-control.js';
import { tokenHashOf, wasTold } from './purchase-check.js';
import type { PaymentRow } from './purchase-rows.js';

const imported = z.object({ problems: z.array(z.object({ receipt: z.string(), paymentId: z.string().nullable() })) });

/**
 * What was paid and what nobody can know of until the day's statement comes: the process that had asked the phone died before it
 * wrote down under which id, so M-Pesa cannot be asked, and no callback ever arrived.
 */
export function unknowable(payments: readonly PaymentRow[], pushes: readonly TruePush[]): TruePush[] {
  const nameless = new Set(
    payments.flatMap(({ state, requestId, tokenHash }) =>
      state !== 'succeeded' && requestId === null && tokenHash !== null ? [tokenHash] : [],
    ),
  );
  return pushes.filter(
    (push) => push.receipt !== null && !wasTold(push) && nameless.has(tokenHashOf(push.callbackUrl)),
  );
}

/** Does what an operator does with the day's statement: imports it, and resolves as paid what it brings to review. */
export async function settleByStatement(instance: Instance, pushes: readonly TruePush[]): Promise<void> {
  if (pushes.length === 0) return;
  const csv = statementOf(pushes);
  const { problems } = imported.parse(await api(instance, 'POST', '/payments/statements', { provider: 'mpesa', csv }));
  for (const { paymentId, receipt } of problems) {
    if (paymentId === null) continue;
    const note = `the statement has it as ${receipt}`;
    await api(instance, 'POST', `/payments/${paymentId}/resolve`, { as: 'paid', note });
  }
}

const HEADINGS = 'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Other Party Info';
const NAIROBI_MS = 3 * 3_600_000;

/** As Safaricom's portal exports it. */
export function statementOf(pushes: readonly TruePush[]): string {
  const lines = pushes.map(({ receipt, answeredAt, amount, msisdn }) => {
    const at = new Date((answeredAt ?? 0) + NAIROBI_MS).toISOString().slice(0, 19).replace('T', ' ');
    return `${receipt ?? ''},${at},Pay Bill from ${msisdn},Completed,${amount.toFixed(2)},${msisdn} - CUSTOMER`;
  });
  return [HEADINGS, ...lines, ''].join('\n');
}
