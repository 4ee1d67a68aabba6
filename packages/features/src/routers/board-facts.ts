import { parseDurationMs } from '@turnpike/routeros/values.js';
import type { RosRow, RosSession } from '@turnpike/routeros/ros-session.js';
import { RosError } from '@turnpike/routeros/ros-error.js';

/** What every contact learns about a router. */
export interface BoardFacts {
  readonly identity: string;
  /** For example `7.22`. */
  readonly version: string;
  readonly model: string;
  readonly serial: string | null;
  readonly architecture: string;
  readonly uptimeSeconds: number;
  readonly cpuLoadPercent: number | null;
  readonly freeMemoryBytes: string;
  readonly totalMemoryBytes: string;
  readonly freeDiskBytes: string;
  readonly totalDiskBytes: string;
}

export async function readBoardFacts(session: RosSession, signal: AbortSignal): Promise<BoardFacts> {
  const [resource, identity, board] = await Promise.all([
    firstRow(session, '/system/resource', signal),
    firstRow(session, '/system/identity', signal),
    optionalRow(session, '/system/routerboard', signal),
  ]);
  return {
    identity: identity['name'] ?? '',
    version: (resource['version'] ?? '').split(' ')[0] ?? '',
    model: board?.['model'] ?? resource['board-name'] ?? 'unknown',
    serial: board?.['serial-number'] ?? null,
    architecture: resource['architecture-name'] ?? 'unknown',
    uptimeSeconds: Math.round((parseDurationMs(resource['uptime'] ?? '') ?? 0) / 1000),
    cpuLoadPercent: resource['cpu-load'] === undefined ? null : Number(resource['cpu-load']),
    freeMemoryBytes: resource['free-memory'] ?? '0',
    totalMemoryBytes: resource['total-memory'] ?? '0',
    freeDiskBytes: resource['free-hdd-space'] ?? '0',
    totalDiskBytes: resource['total-hdd-space'] ?? '0',
  };
}

async function firstRow(session: RosSession, path: string, signal: AbortSignal): Promise<RosRow> {
  const [row] = await session.print(path, { signal });
  return row ?? {};
}

/** undefined where this router has no such menu (a CHR has no routerboard, versions before 7.17 no device-mode). */
export async function optionalRow(session: RosSession, path: string, signal: AbortSignal): Promise<RosRow | undefined> {
  try {
    const [row] = await session.print(path, { signal });
    return row;
  } catch (error) {
    if (error instanceof RosError && error.kind === 'trap') return undefined;
    throw error;
  }
}
