import type { CustomerExport, Erasure } from '@turnpike/contracts/customer-privacy.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import { moneyText } from '@turnpike/core/money.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit, appendAuditAndJob } from '../audit/audit.store.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { exportView } from './customer-export.view.js';
import { updateCustomerRow, type CustomerRow } from './customer.store.js';
import { existingCustomer, holdCustomer } from './known-customer.js';
import { customerView } from './customer.view.js';
import { listSeenDevices } from './device.store.js';
import {
  anonymiseEndedSessions,
  countUnfinished,
  endEntitlements,
  erasePersonalRows,
  readPersonalData,
  type Unfinished,
} from './personal-data.store.js';

/** What the law gives people over their data (Kenya Data Protection Act 2019, sections 26, 38 and 40). */
export interface CustomerPrivacy {
  /** Everything held about a customer; audited. */
  export(id: string, role: Role, context: ChangeContext): Promise<CustomerExport>;
  /** Replaces personal data for good; `conflict` says what stands in the way. */
  erase(
    id: string,
    input: { confirm: string; endAccess?: boolean | undefined },
    context: ChangeContext & { readonly role: Role },
  ): Promise<Erasure>;
}

export interface CustomerPrivacyDeps extends Pick<Database, 'transact'> {
  readonly secretBox: SecretBox;
  readonly endSessions: SessionEnder;
  readonly wake: () => void;
  readonly clock: Clock;
}

const PASSWORD_LENGTH = 32;

const KEPT = [
  'Payments, ledger entries and receipts stay with amounts and times, because accounts must be kept; phone numbers and devices are gone from them.',
  'Sessions stay with their times and volumes under the erased name, because usage is accounted for; names, devices and addresses are gone from those that have ended.',
  'Accounting packets as routers sent them stay until they are as old as ACCOUNTING_KEPT_DAYS says, because the law asks who used an address; then they are deleted.',
  'The audit trail stays as it was written, because it proves what was done.',
];

export function createCustomerPrivacy(deps: CustomerPrivacyDeps): CustomerPrivacy {
  const { secretBox, clock } = deps;

  return {
    export: (id, role, context) =>
      deps.transact(async (tx) => {
        const row = await existingCustomer(tx, id);
        const data = await readPersonalData(tx, id);
        const view = exportView(row, await listSeenDevices(tx, id), data, { role, at: clock.now() });
        await appendAudit(tx, { ...context, action: 'customer.export', subjectType: 'customer', subjectId: id });
        return view;
      }),

    erase: async (id, { confirm, endAccess = false }, { role, actor, requestId }) => {
      const erased = await deps.transact(async (tx) => {
        await holdCustomer(tx, id);
        const known = await existingCustomer(tx, id);
        if (known.erasedAt !== null)
          throw new AppError('conflict', 'the data of this customer has been erased already');
        if (confirm !== known.username) throw invalidField('confirm', 'must be the username of the customer');
        const now = clock.now();
        refuseUnfinished(await countUnfinished(tx, id, now), endAccess);
        const ending = await deps.endSessions(tx, { customerId: id, reason: 'customer erased', actor });
        await endEntitlements(tx, id, now);
        await erasePersonalRows(tx, id);
        const row = await eraseRow(tx, secretBox, id, now);
        await anonymiseEndedSessions(tx, id);
        const subject = { subjectType: 'customer', subjectId: id };
        const details = { sessionsEnding: ending.length };
        await appendAuditAndJob(
          tx,
          { actor, requestId, action: 'customer.erase', ...subject, details },
          { job: 'subject.refresh', payload: { customerId: id } },
        );
        return { customer: customerView(row, role), sessionsEnding: ending.length, kept: KEPT };
      });
      deps.wake();
      return erased;
    },
  };
}

/** The row stays, for money and usage hang on it; nobody can log in with it any more. */
function eraseRow(tx: Tx, secretBox: SecretBox, id: string, now: Date): Promise<CustomerRow> {
  const place = { table: 'customer', row: id, column: 'password' };
  return updateCustomerRow(tx, id, {
    username: `erased-${id}`,
    msisdn: null,
    email: null,
    notices: false,
    devicesOnly: false,
    status: 'suspended',
    password: secretBox.seal(randomReadable(PASSWORD_LENGTH), place),
    erasedAt: now,
  });
}

function refuseUnfinished({ entitlements, sessions, payments, balances }: Unfinished, endAccess: boolean): void {
  const refuse = (detail: string): never => {
    throw new AppError('conflict', `this customer cannot be erased yet: ${detail}`);
  };
  if (payments > 0) refuse('a payment is open or in review; wait until it is settled, or resolve it');
  if (balances.length > 0) {
    const held = balances.map(({ balanceMinor, currency }) => moneyText(balanceMinor, currency)).join(', ');
    refuse(`the wallet holds ${held}; pay it out first (wallet adjustment)`);
  }
  if (endAccess || (entitlements === 0 && sessions === 0)) return;
  refuse('access is active or a session is open; send endAccess: true to end it without refund');
}
