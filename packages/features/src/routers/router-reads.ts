import type { z } from 'zod';
import {
  getRouterDetails,
  getRouterInterfaces,
  verifyConnectivity,
} from '@turnpike/contracts/routers.js';
import { messageOf } from '@turnpike/core/app-error.js';
import type { Clock } from '@turnpike/core/clock.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import type { RouterDialer } from './router-dialer.js';
import { managementInterfaces } from '../provisioning/management-path.js';
import { isOn, rowsOf } from '../provisioning/rows.js';
import { readSnapshot, type RouterSnapshot } from '../provisioning/router-snapshot.js';
import { optionalRow, readBoardFacts } from './board-facts.js';

type Interfaces = z.input<typeof getRouterInterfaces.response>;
type Details = z.input<typeof getRouterDetails.response>;
type Connectivity = z.input<typeof verifyConnectivity.response>;

/** Reads from the router itself, now. Done by a worker; the API asks for them through the queue. */
export interface RouterReads {
  interfaces(routerId: string, signal: AbortSignal): Promise<Interfaces>;
  details(routerId: string, signal: AbortSignal): Promise<Details>;
  connectivity(routerId: string, signal: AbortSignal): Promise<Connectivity>;
}

export function createRouterReads({ dialer, clock }: { dialer: RouterDialer; clock: Clock }): RouterReads {
  async function withSession<Result>(
    routerId: string,
    signal: AbortSignal,
    work: (session: RosSession) => Promise<Result>,
  ): Promise<Result> {
    const session = await dialer.open(routerId, { signal });
    try {
      return await work(session);
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

    connectivity: async (routerId, signal) => {
      const steps: Connectivity['steps'] = [];
      const tryStep = async <Result>(
        step: 'login' | 'read',
        work: () => Promise<Result>,
      ): Promise<Result | undefined> => {
        const startedMs = clock.monotonicMs();
        const passed = (): number => Math.round(clock.monotonicMs() - startedMs);
        try {
          const result = await work();
          steps.push({ step, ok: true, ms: passed(), detail: step === 'login' ? 'logged in' : 'the router answers' });
          return result;
        } catch (error) {
          steps.push({ step, ok: false, ms: passed(), detail: messageOf(error) });
          return undefined;
        }
      };
      const session = await tryStep('login', () => dialer.open(routerId, { signal }));
      if (session === undefined) return { reachable: false, steps, tlsFingerprint: null };
      try {
        const facts = await tryStep('read', () => readBoardFacts(session, signal));
        return { reachable: facts !== undefined, steps, tlsFingerprint: null };
      } finally {
        await session.close();
      }
    },
  };
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
