import type { AccessAnswer, AccessDecisionView } from '@turnpike/contracts/access.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import { AppError } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Sql } from '@turnpike/db/sql.js';
import type { CustomersService } from '../customers/customers.service.js';
import { customerView } from '../customers/customer.view.js';
import { sessionsFor } from '../sessions/session.view.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { explainAccess } from './access-explanation.js';
import { DECISION_WORDS } from './access-words.js';
import { readDeviceNames, readPackageNames, readRouterNames } from './access.store.js';
import type { DecisionReader } from './decision-log.js';
import type { DecisionNote } from './decision-note.js';
import type { DeviceHold, HolderReader } from './device-holders.js';
import { readSubjectById, readSubjectByUsername } from './subject.store.js';
import type { SubjectSnapshot } from './subject-snapshot.js';

export interface AccessService {
  /** Why a customer can or cannot get online; `not_found`. `role`: viewers see phone numbers masked. */
  explain(customerId: string, role: Role): Promise<AccessAnswer>;
  /** The last decisions on a User-Name, or on a voucher code. */
  decisionsOf(username: string): Promise<{ customerId: string | null; message: string; items: AccessDecisionView[] }>;
}

export interface AccessServiceDeps {
  readonly db: Sql;
  readonly customers: Pick<CustomersService, 'get'>;
  readonly sessions: Pick<SessionsService, 'list'>;
  readonly readHolders: HolderReader;
  readonly decisions: DecisionReader;
  /** The username that a voucher code becomes; undefined for what is no code. */
  readonly usernameOfCode: (text: string) => string | undefined;
  readonly clock: Clock;
}

const MOST_SESSIONS = 20;

export function createAccessService(deps: AccessServiceDeps): AccessService {
  const { db, customers, sessions, readHolders, decisions, clock } = deps;

  return {
    async explain(customerId, role) {
      const row = await customers.get(customerId);
      const subject = await readSubjectById(db, customerId);
      if (subject === undefined) throw new AppError('not_found', `there is no customer ${customerId}`);
      const { snapshot } = subject;
      const { username } = customerView(row, role);
      const [notes, holders, packageNames, deviceNames, open] = await Promise.all([
        decisions.ofCustomer(customerId).catch(() => undefined),
        holdersOf(snapshot),
        readPackageNames(db, customerId),
        readDeviceNames(db, customerId),
        sessions.list({ customerId, state: 'open', limit: MOST_SESSIONS }),
      ]);
      const known = notes ?? [];
      const routers = await readRouterNames(db, routersOf(known));
      const last = known[0];
      const router = last === undefined ? undefined : routers.get(last.routerId);
      const explanation = explainAccess({
        username,
        snapshot,
        packageNames,
        notes: known,
        notesKnown: notes !== undefined,
        router: router === undefined || last === undefined ? undefined : { id: last.routerId, site: router.site },
        holdersOf: (entitlementId) => holders.get(entitlementId) ?? [],
        now: clock.now(),
      });
      return {
        customerId,
        username,
        ...explanation,
        lastDecisions: known.map((note) => decisionView(note, routers)),
        devicesOnline: [...holders.values()].flat().map(({ device, until }) => ({
          device,
          name: deviceNames.get(device) ?? null,
          until: until.toISOString(),
        })),
        openSessions: sessionsFor(role, open).items,
      };
    },

    async decisionsOf(asked) {
      const username = deps.usernameOfCode(asked) ?? asked;
      const subject = await readSubjectByUsername(db, username);
      const customerId = subject?.snapshot.customerId ?? null;
      const notes =
        customerId === null
          ? await decisions.ofStranger(Buffer.from(asked, 'utf8'))
          : await decisions.ofCustomer(customerId);
      const routers = await readRouterNames(db, routersOf(notes));
      const items = notes.map((note) => decisionView(note, routers));
      return { customerId, message: summary(customerId, items), items };
    },
  };

  /** None while Redis is away. */
  async function holdersOf({ entitlements }: SubjectSnapshot): Promise<Map<string, DeviceHold[]>> {
    const read = async (id: string) => [id, await readHolders(id)] as const;
    return new Map(await Promise.all(entitlements.map(({ id }) => read(id))).catch(() => []));
  }
}

function routersOf(notes: readonly DecisionNote[]): string[] {
  return [...new Set(notes.map((note) => note.routerId))];
}

function decisionView(note: DecisionNote, routers: Awaited<ReturnType<typeof readRouterNames>>): AccessDecisionView {
  const router = routers.get(note.routerId);
  const { outcome, method } = note;
  return {
    at: new Date(note.at).toISOString(),
    outcome,
    method,
    router: router === undefined ? null : { id: note.routerId, name: router.name },
    device: note.device === '' ? null : note.device,
    message: `A login${router === undefined ? '' : ` at ${router.name}`} ${DECISION_WORDS[outcome]}.`,
  };
}

function summary(customerId: string | null, items: readonly AccessDecisionView[]): string {
  const who = customerId === null ? 'Nobody has this username' : 'A customer has this username';
  if (items.length === 0) return `${who}, and no login with it is remembered.`;
  return `${who}; ${items.length === 1 ? 'one login' : `${items.length} logins`} with it: the newest first.`;
}
