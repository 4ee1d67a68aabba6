import { v7 as uuidv7 } from 'uuid';
import type { Language } from '@turnpike/contracts/languages.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import { parseMsisdn } from '@turnpike/core/msisdn.js';
import type { SecretBox } from '@turnpike/core/secret-box.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import type { Database, Tx } from '@turnpike/db/database.js';
import { isUniqueViolation } from '@turnpike/db/database-errors.js';
import { addManyToOutbox } from '@turnpike/db/outbox.store.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import { appendAudit, appendAuditAndJob } from '../audit/audit.store.js';
import { beforeAndAfter } from '../audit/before-and-after.js';
import { everMoved } from '../ledger/ledger.js';
import { runningSessionsOf } from '../sessions/running-sessions.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { isVoucherUsername, parseVoucherCode } from '../vouchers/voucher-code.js';
import {
  deleteCustomerRow,
  hasEntitlements,
  insertCustomerRow,
  moveRevisions,
  updateCustomerRow,
  type CustomerRow,
} from './customer.store.js';
import { listDeviceRows } from './device.store.js';
import { existingCustomer, holdCustomer } from './known-customer.js';
import { touchCustomer } from './touch-customer.js';

export interface NewCustomer {
  readonly username?: string | undefined;
  readonly msisdn?: string | undefined;
  readonly password?: string | undefined;
  readonly email?: string | undefined;
  readonly language?: Language | undefined;
  readonly devicesOnly?: boolean | undefined;
}

export interface CustomerChange {
  readonly username?: string | undefined;
  readonly msisdn?: string | null | undefined;
  readonly password?: string | undefined;
  readonly email?: string | null | undefined;
  readonly language?: Language | undefined;
  readonly notices?: boolean | undefined;
  readonly devicesOnly?: boolean | undefined;
}

export interface CustomersService {
  get(id: string): Promise<CustomerRow>;
  /** `madePassword` is set when none was given: the only time anybody sees it. */
  create(input: NewCustomer, context: ChangeContext): Promise<{ row: CustomerRow; madePassword: string | null }>;
  update(id: string, change: CustomerChange, context: ChangeContext): Promise<CustomerRow>;
  remove(id: string, context: ChangeContext): Promise<void>;
  suspend(id: string, context: ChangeContext): Promise<CustomerRow>;
  resume(id: string, context: ChangeContext): Promise<CustomerRow>;
  /** Phone number and e-mail address whole, for who sees them masked otherwise; asking is audited. */
  revealPhone(id: string, context: ChangeContext): Promise<Pick<CustomerRow, 'username' | 'msisdn' | 'email'>>;
  /** For other features: locks the customer, moves the revision and has the RADIUS snapshot rewritten. */
  touch(tx: Tx, id: string): Promise<void>;
  /** The same for many customers who exist and whom the caller holds. */
  touchAll(tx: Tx, ids: readonly string[]): Promise<void>;
}

export interface CustomersDeps extends Pick<Database, 'db' | 'transact'> {
  readonly secretBox: SecretBox;
  readonly endSessions: SessionEnder;
  /** Tells the outbox relay that there is work. */
  readonly wake: () => void;
}

const MADE_PASSWORD_LENGTH = 10;

export function createCustomersService(deps: CustomersDeps): CustomersService {
  const { db, secretBox, endSessions } = deps;

  async function change<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      const result = await deps.transact(work);
      deps.wake();
      return result;
    } catch (error) {
      throw refusal(error) ?? error;
    }
  }

  const seal = (id: string, password: string): string =>
    secretBox.seal(password, { table: 'customer', row: id, column: 'password' });

  return {
    get: (id) => existingCustomer(db, id),

    create: (input, context) =>
      change(async (tx) => {
        const id = uuidv7();
        const msisdn = input.msisdn === undefined ? undefined : phoneNumber(input.msisdn);
        const username = input.username ?? msisdn;
        if (username === undefined) throw invalidField('username', 'give a username, a phone number (msisdn) or both');
        refuseVoucherName(username);
        const madePassword = input.password === undefined ? randomReadable(MADE_PASSWORD_LENGTH) : null;
        const password = seal(id, input.password ?? madePassword ?? '');
        const columns = {
          id,
          username,
          msisdn: msisdn ?? null,
          password,
          email: input.email?.toLowerCase() ?? null,
          language: input.language ?? 'en',
          devicesOnly: input.devicesOnly ?? false,
        };
        const row = await insertCustomerRow(tx, columns).catch((error: unknown) => {
          // The caller knows nothing of a username: what is taken is the phone number that stands in for it.
          throw input.username === undefined && isUniqueViolation(error, 'username') ? taken('msisdn') : error;
        });
        await record(tx, context, 'customer.create', id);
        return { row, madePassword };
      }),

    update: (id, input, context) =>
      change(async (tx) => {
        await holdCustomer(tx, id);
        const before = await existingCustomer(tx, id);
        refuseErased(before);
        if (input.username !== undefined) refuseRename(before, input.username);
        const row = await updateCustomerRow(tx, id, {
          ...(input.username === undefined ? {} : { username: input.username }),
          ...(input.email === undefined ? {} : { email: input.email?.toLowerCase() ?? null }),
          ...(input.language === undefined ? {} : { language: input.language }),
          ...(input.notices === undefined ? {} : { notices: input.notices }),
          ...(input.devicesOnly === undefined ? {} : { devicesOnly: input.devicesOnly }),
          ...(input.msisdn === undefined ? {} : { msisdn: input.msisdn === null ? null : phoneNumber(input.msisdn) }),
          ...(input.password === undefined ? {} : { password: seal(id, input.password) }),
        });
        if (input.devicesOnly === true) await endUnlisted(tx, id, context);
        await record(tx, context, 'customer.update', id, changesOf(before, row, Object.keys(input)));
        return row;
      }),

    remove: (id, context) =>
      change(async (tx) => {
        await holdCustomer(tx, id);
        if (await hasEntitlements(tx, id)) {
          throw new AppError(
            'conflict',
            'this customer has had access, so the record is kept: suspend the customer instead, which ends it at once',
          );
        }
        if (await everMoved(tx, { kind: 'customer_wallet', owner: id })) {
          throw new AppError(
            'conflict',
            'money was moved in the wallet of this customer, so the record is kept: suspend the customer instead',
          );
        }
        // A session may be booked on somebody who never had an entitlement: nobody could end it for that customer later.
        await endSessions(tx, { customerId: id, reason: 'customer deleted', actor: context.actor });
        await deleteCustomerRow(tx, id);
        await record(tx, context, 'customer.delete', id);
      }),

    suspend: (id, context) =>
      change(async (tx) => {
        await holdCustomer(tx, id);
        const row = await updateCustomerRow(tx, id, { status: 'suspended' });
        await endSessions(tx, { customerId: id, reason: 'customer suspended', actor: context.actor });
        await record(tx, context, 'customer.suspend', id);
        return row;
      }),

    resume: (id, context) =>
      change(async (tx) => {
        await holdCustomer(tx, id);
        refuseErased(await existingCustomer(tx, id));
        const row = await updateCustomerRow(tx, id, { status: 'active' });
        await record(tx, context, 'customer.resume', id);
        return row;
      }),

    revealPhone: (id, context) =>
      deps.transact(async (tx) => {
        const { username, msisdn, email } = await existingCustomer(tx, id);
        await appendAudit(tx, { ...context, action: 'customer.reveal_phone', subjectType: 'customer', subjectId: id });
        return { username, msisdn, email };
      }),

    touch: touchCustomer,

    touchAll: async (tx, ids) => {
      if (ids.length === 0) return;
      await moveRevisions(tx, ids);
      await addManyToOutbox(
        tx,
        'subject.refresh',
        ids.map((customerId) => ({ customerId })),
      );
    },
  };

  /** Ends what devices have open that may not log in any more. */
  async function endUnlisted(tx: Tx, customerId: string, { actor }: ChangeContext): Promise<void> {
    const devices = await listDeviceRows(tx, customerId);
    const allowed = new Set(devices.filter((device) => !device.blocked).map((device) => device.mac));
    const running = await runningSessionsOf(tx, customerId);
    const sessionIds = running.filter(({ mac }) => mac === undefined || !allowed.has(mac)).map(({ id }) => id);
    await endSessions(tx, { sessionIds, reason: 'the device is not on the list of the customer', actor });
  }
}

/** RADIUS takes such a User-Name for a voucher, and would never look for a customer of that name. */
function refuseVoucherName(username: string): void {
  if (parseVoucherCode(username) === undefined && !isVoucherUsername(username)) return;
  throw invalidField('username', 'looks like a voucher code: choose another, for example with a letter more');
}

function refuseRename({ username: known }: CustomerRow, username: string): void {
  if (known === username) return;
  if (isVoucherUsername(known)) {
    throw new AppError(
      'conflict',
      'this customer logs in with a voucher code, which is tied to the username: add a new customer',
      {
        issues: [{ path: 'username', message: 'belongs to a voucher and cannot be changed' }],
      },
    );
  }
  refuseVoucherName(username);
}

/** Nobody is behind it any more. */
function refuseErased({ erasedAt }: CustomerRow): void {
  if (erasedAt === null) return;
  throw new AppError('conflict', 'the data of this customer has been erased: add a new customer');
}

/**
 * How the settings were and are. Of what tells who somebody is only the names of the fields: the audit trail is kept when a
 * customer's data is erased.
 */
function changesOf(before: CustomerRow, after: CustomerRow, fields: readonly string[]): Record<string, unknown> {
  const told = ({ language, notices, devicesOnly }: CustomerRow) => ({ language, notices, devicesOnly });
  return { fields, ...beforeAndAfter(told(before), told(after)) };
}

/** Audit entry and RADIUS refresh of every change belong together. */
async function record(
  tx: Tx,
  context: ChangeContext,
  action: string,
  id: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await appendAuditAndJob(
    tx,
    { ...context, action, subjectType: 'customer', subjectId: id, details },
    { job: 'subject.refresh', payload: { customerId: id } },
  );
}

function phoneNumber(text: string): string {
  const msisdn = parseMsisdn(text);
  if (msisdn === undefined) {
    throw invalidField('msisdn', 'must be a phone number such as 0712 345 678 or +254 712 345 678');
  }
  return msisdn;
}

function refusal(error: unknown): AppError | undefined {
  if (isUniqueViolation(error, 'username')) return taken('username');
  return isUniqueViolation(error, 'msisdn') ? taken('msisdn') : undefined;
}

function taken(field: 'username' | 'msisdn'): AppError {
  return new AppError('name_taken', `another customer has this ${field}`, {
    issues: [{ path: field, message: 'is taken' }],
  });
}
