import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Collects what would have ended the process. A test sandbox may have a copy of `process`; only the real one hears
 * these events.
 */
export function watchCrashes(): { readonly crashes: unknown[]; stop(): void } {
  const real = process.getBuiltinModule('node:process');
  const crashes: unknown[] = [];
  const record = (reason: unknown): void => void crashes.push(reason);
  real.on('uncaughtException', record);
  real.on('unhandledRejection', record);
  return {
    crashes,
    stop: () => {
      real.off('uncaughtException', record);
      real.off('unhandledRejection', record);
    },
  };
}

const SETTLING_TURNS = 20;
const SETTLING_LIMIT_MS = 2_000;

/** Sockets and timers that are open, as the runtime counts them. */
export async function openHandles(): Promise<string[]> {
  for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await nextTurn();
  return countHandles();
}

/** What stays open beyond `before`, once everything that is being closed has had the time to close. */
export async function leakedHandles(before: readonly string[]): Promise<string[]> {
  const deadlineMs = performance.now() + SETTLING_LIMIT_MS;
  for (;;) {
    const leaked = beyond(countHandles(), before);
    if (leaked.length === 0 || performance.now() > deadlineMs) return leaked;
    await nextTurn();
  }
}

function countHandles(): string[] {
  const resources = process.getBuiltinModule('node:process').getActiveResourcesInfo();
  return resources.filter((name) => /TCP|TLS|Timeout/.test(name));
}

function beyond(handles: readonly string[], before: readonly string[]): string[] {
  const known = [...before];
  return handles.filter((name) => {
    const position = known.indexOf(name);
    if (position >= 0) known.splice(position, 1);
    return position < 0;
  });
}
