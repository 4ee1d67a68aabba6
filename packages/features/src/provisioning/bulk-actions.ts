import type { BulkAction, BulkAnswer, BulkOutcome, ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { AppError, invalidField } from '@turnpike/core/app-error.js';
import type { Db } from '@turnpike/db/database.js';
import type { ChangeContext } from '@turnpike/runtime/http/change-context.js';
import type { RouterReads } from '../routers/router-reads.js';
import { assertServices } from './address-plan.js';
import { findDeployments, type DeploymentRow } from './deployment.store.js';
import type { ProvisioningService } from './provisioning.service.js';
import { routersHeld } from './provisioning.store.js';

export interface BulkRequest {
  readonly ids: readonly string[];
  readonly action: BulkAction;
  readonly services?: readonly ServiceConfig[] | undefined;
  readonly dryRun: boolean;
}

export interface BulkCall extends ChangeContext {
  /** The caller sees only routers of these; null: all. */
  readonly sites: readonly string[] | null;
  readonly signal: AbortSignal;
}

export interface BulkActions {
  /** One action for many routers; that one refuses stops none of the others. */
  run(request: BulkRequest, call: BulkCall): Promise<BulkAnswer>;
}

export interface BulkActionsDeps {
  readonly db: Db;
  readonly provisioning: Pick<ProvisioningService, 'deploy' | 'reset'>;
  readonly reads: Pick<RouterReads, 'connectivity'>;
}

/** Workers read this many routers at once without keeping others waiting. */
const AT_ONCE = 16;

type Result = Omit<BulkOutcome, 'id' | 'name'>;

export function createBulkActions({ db, provisioning, reads }: BulkActionsDeps): BulkActions {
  async function run(request: BulkRequest, call: BulkCall): Promise<BulkAnswer> {
    const { action, dryRun } = request;
    const services = servicesFor(request);
    const ids = [...new Set(request.ids)];
    const routers = new Map((await findDeployments(db, ids, call.sites)).map((router) => [router.id, router]));
    const held = dryRun && action !== 'verify' ? await routersHeld(db, ids) : new Set<string>();
    const items = await inLanes(ids, async (id): Promise<BulkOutcome> => {
      const router = routers.get(id);
      if (router === undefined) return { id, name: null, ...refused('not_found', `there is no router ${id}`) };
      return { id, name: router.name, ...(await one(router)) };
    });
    const turnedDown = items.filter(({ outcome }) => outcome === 'refused').length;
    return { action, dryRun, accepted: items.length - turnedDown, refused: turnedDown, items };

    async function one(router: DeploymentRow): Promise<Result> {
      try {
        if (dryRun) return wouldDo(router);
        return await carryOut(router);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return refused(error.code, error.message);
      }
    }

    function wouldDo({ id, name }: DeploymentRow): Result {
      if (held.has(id)) return refused('router_busy', `A provisioning run holds ${name}: wait until it has ended.`);
      return { outcome: 'would', runId: null, code: null, detail: WOULD[action] };
    }

    async function carryOut({ id, name }: DeploymentRow): Promise<Result> {
      switch (action) {
        case 'verify':
          return verified(name, await reads.connectivity(id, call.signal));
        case 'reset':
          await provisioning.reset(id, call);
          return done('The deployment was cleared; the router itself was not touched.');
        case 'deploy': {
          const { runId } = await provisioning.deploy(id, services, call);
          return { outcome: 'queued', runId, code: null, detail: 'The deploy is queued.' };
        }
      }
    }
  }

  return { run };
}

const WOULD: Readonly<Record<BulkAction, string>> = {
  verify: 'It would be dialled.',
  reset: 'Its deployment would be cleared.',
  deploy: 'A deploy would be queued.',
};

function servicesFor({ action, services }: BulkRequest): readonly ServiceConfig[] {
  if (action !== 'deploy') return [];
  if (services === undefined) throw invalidField('services', 'say what is to be deployed');
  assertServices(services);
  return services;
}

function verified(name: string, answer: Awaited<ReturnType<RouterReads['connectivity']>>): Result {
  const failed = answer.steps.find((step) => !step.ok);
  if (answer.reachable && failed === undefined) return done(`${name} answers.`);
  return refused('router_unreachable', failed?.detail ?? `${name} does not answer.`);
}

function done(detail: string): Result {
  return { outcome: 'done', runId: null, code: null, detail };
}

function refused(code: string, detail: string): Result {
  return { outcome: 'refused', runId: null, code, detail };
}

async function inLanes<Item, Outcome>(
  items: readonly Item[],
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome[]> {
  const results: Outcome[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return results;
}
