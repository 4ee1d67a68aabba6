import type { z } from 'zod';
import type {
  getRouterDetails,
  getRouterInterfaces,
  getRouterTraffic,
  verifyConnectivity,
} from '@turnpike/contracts/routers.js';
import { AppError, messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { Db } from '@turnpike/db/database.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { managementInterfaces } from '../provisioning/management-path.js';
import { isOn, rowsOf } from '../provisioning/rows.js';
import { readSnapshot, type RouterSnapshot } from '../provisioning/router-snapshot.js';
import { optionalRow, readBoardFacts } from './board-facts.js';
import { readTraffic } from './interface-traffic.js';
import type { RouterDialer } from './router-dialer.js';
import { findRouterRow } from './router.store.js';

type Interfaces = z.input<typeof getRouterInterfaces.response>;
type Details = z.input<typeof getRouterDetails.response>;
type Traffic = z.input<typeof getRouterTraffic.response>;
type Connectivity = z.input<typeof verifyConnectivity.response>;
type Step = Connectivity['steps'][number]['step'];

/** Reads from the router itself, now. Done by a worker; the API asks for them through the queue. */
export interface RouterReads {
  interfaces(routerId: string, signal: AbortSignal): Promise<Interfaces>;
  details(routerId: string, signal: AbortSignal): Promise<Details>;
  traffic(routerId: string, signal: AbortSignal): Promise<Traffic>;
  /** A router that cannot be reached is an answer, not an error. */
  connectivity(routerId: string, signal: AbortSignal): Promise<Connectivity>;
}

export interface RouterReadsDeps {
  readonly db: Db;
  readonly dialer: RouterDialer;
  readonly clock: Clock;
}

export function createRouterReads({ db, dialer, clock }: RouterReadsDeps): RouterReads {
  async function withSession<Result>(
    routerId: string,
    signal: AbortSignal,
    work: (session: RosSession) => Promise<Result>,
  ): Promise<Result> {
    const session = await dialer.open(routerId, { signal });
    try {
      return await work(session);
    } catch (error) {
      throw readError(error);
    } finally {
      await session.close();
    }
  }

  return {
    interfaces: (routerId, signal) =>
      withSession(routerId, signal, async (session) => interfaceViews(await readSnapshot(session, signal))),

    details: (routerId, signal) =>
      withSession(routerId, signal, async (session) => {
        const [facts, deviceMode, hotspots, active] = await Promise.all([
          readBoardFacts(session, signal),
          optionalRow(session, '/system/device-mode', signal),
          session.print('/ip/hotspot', { signal, proplist: ['name'] }),
          session.print('/ip/hotspot/active', { signal, proplist: ['user'] }),
        ]);
        return {
          ...facts,
          deviceMode: deviceMode === undefined ? null : definedProperties(deviceMode),
          hotspots: hotspots.length,
          hotspotActive: active.length,
        };
      }),

    traffic: (routerId, signal) => withSession(routerId, signal, (session) => readTraffic(session, clock, signal)),

    connectivity: async (routerId, signal) => {
      const steps: Connectivity['steps'] = [];
      const tlsFingerprint = async () => (await findRouterRow(db, routerId))?.tlsFingerprint ?? null;
      const session = await tryStep(steps, 'login', 'logged in', () => dialer.open(routerId, { signal }));
      if (session === undefined) return { reachable: false, steps, tlsFingerprint: await tlsFingerprint() };
      try {
        const facts = await tryStep(steps, 'read', 'the router answers', () => readBoardFacts(session, signal));
        return { reachable: facts !== undefined, steps, tlsFingerprint: await tlsFingerprint() };
      } finally {
        await session.close();
      }
    },
  };

  async function tryStep<Result>(
    steps: Connectivity['steps'],
    step: Step,
    detail: string,
    work: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const startedMs = clock.monotonicMs();
    const passed = (): number => Math.round(clock.monotonicMs() - startedMs);
    try {
      const result = await work();
      steps.push({ step, ok: true, ms: passed(), detail });
      return result;
    } catch (error) {
      const failure = readError(error);
      const failed = failedStep(failure, step);
      if (failed === undefined) throw failure;
      steps.push({ step: failed, ok: false, ms: passed(), detail: messageOf(failure) });
      return undefined;
    }
  }
}

/** How far we got; undefined when it was not the router that failed. */
function failedStep(error: unknown, step: Step): Step | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === 'router_has_no_address' || error.code === 'router_not_allowed') return 'address';
  if (error.code === 'router_unreachable') return step === 'login' ? 'connect' : step;
  return error.code === 'router_login_failed' || error.code === 'router_refused' ? step : undefined;
}

/** What a session that was open has to say, as an error for operators. */
function readError(error: unknown): unknown {
  if (!(error instanceof RosError) || error.kind === 'aborted') return error;
  if (error.kind === 'trap')
    return new AppError('router_refused', `the router says: ${error.message}`, { cause: error });
  return new AppError('router_unreachable', `the router stopped answering: ${error.message}`, { cause: error });
}

function interfaceViews(snapshot: RouterSnapshot): Interfaces {
  const bridgeOf = new Map(rowsOf(snapshot, '/interface/bridge/port').map((row) => [row['interface'], row['bridge']]));
  const management = managementInterfaces(snapshot);
  const items = rowsOf(snapshot, '/interface').map((row) => {
    const name = row['name'] ?? '';
    return {
      name,
      type: row['type'] ?? 'unknown',
      running: isOn(row, 'running'),
      disabled: isOn(row, 'disabled'),
      bridge: bridgeOf.get(name) ?? null,
      management: management.has(name),
    };
  });
  return { items };
}

function definedProperties(row: RosRow): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
