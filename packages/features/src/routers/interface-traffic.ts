import type { z } from 'zod';
import type { getRouterTraffic, interfaceTraffic } from '@turnpike/contracts/routers.js';
import type { Clock } from '@turnpike/core/clock.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { isOn } from '../provisioning/rows.js';

type Traffic = z.input<typeof getRouterTraffic.response>;
type InterfaceTraffic = z.input<typeof interfaceTraffic>;

/** Interfaces beyond this are left out: one for each PPPoE customer would be more than anybody can look at. */
const MOST_INTERFACES = 200;

const COUNTERS = ['name', 'running', 'dynamic', 'rx-byte', 'tx-byte'];

/** What the interfaces have moved, and how fast they are now: `/interface monitor-traffic` measures over the last second. */
export async function readTraffic(session: RosSession, clock: Clock, signal: AbortSignal): Promise<Traffic> {
  const rows = (await session.print('/interface', { proplist: COUNTERS, signal })).filter(isWatched);
  const shown = rows.slice(0, MOST_INTERFACES);
  const rates = await readRates(
    session,
    shown.flatMap((row) => row['name'] ?? []),
    signal,
  );
  return {
    at: clock.now().toISOString(),
    interfaces: shown.map((row) => trafficView(row, rates.get(row['name'] ?? ''))),
  };
}

/** Those of customers come and go with their sessions, which say more about them. */
function isWatched(row: RosRow): boolean {
  return row['name'] !== undefined && !isOn(row, 'dynamic');
}

async function readRates(
  session: RosSession,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RosRow>> {
  if (names.length === 0) return new Map();
  try {
    const attributes = { interface: names.join(','), once: '' };
    const { rows } = await session.exec('/interface/monitor-traffic', attributes, { signal });
    return new Map(rows.flatMap((row) => (row['name'] === undefined ? [] : [[row['name'], row] as const])));
  } catch (error) {
    // An interface that went away meanwhile spoils the whole measurement; the counters are worth showing without it.
    if (error instanceof RosError && error.kind === 'trap') return new Map();
    throw error;
  }
}

function trafficView(row: RosRow, rate: RosRow | undefined): InterfaceTraffic {
  return {
    name: row['name'] ?? '',
    running: isOn(row, 'running'),
    rxBytes: digits(row['rx-byte']),
    txBytes: digits(row['tx-byte']),
    rxBps: bitsPerSecond(rate?.['rx-bits-per-second']),
    txBps: bitsPerSecond(rate?.['tx-bits-per-second']),
  };
}

/** Some versions group thousands with spaces. */
function digits(text: string | undefined): string {
  const bare = (text ?? '').replaceAll(' ', '');
  return /^\d{1,20}$/.test(bare) ? bare : '0';
}

function bitsPerSecond(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
