import type { RadiusObserver } from '@turnpike/radius/radius-observer.js';

/** A RADIUS observer that keeps what it was told, one short line an event (`dropped unknown-nas 127.0.0.9`). */
export interface RadiusEvents {
  readonly observe: RadiusObserver;
  readonly lines: readonly string[];
  readonly errors: readonly unknown[];
  /** How many lines start with `prefix`. */
  count(prefix: string): number;
  /** Resolves when at least `wanted` lines start with `prefix`; rejects after `timeoutMs` (default 5 s). */
  seen(prefix: string, wanted?: number, timeoutMs?: number): Promise<void>;
}

export function recordRadiusEvents(): RadiusEvents {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const waiting = new Set<() => void>();
  const count = (prefix: string): number => lines.filter((line) => line.startsWith(prefix)).length;

  function note(line: string): void {
    lines.push(line);
    for (const check of waiting) check();
  }

  return {
    observe: {
      received: () => note('received'),
      dropped: (reason, address, nasId) =>
        note(`dropped ${reason} ${address}${nasId === undefined ? '' : ` ${nasId}`}`),
      verified: (nas, facts) =>
        note(
          `verified ${nas.id} secret ${facts.secretIndex} ${facts.signed ? 'signed' : 'unsigned'} code ${facts.code}`,
        ),
      replied: (code) => note(`replied ${code}`),
      duplicate: (kind) => note(`duplicate ${kind}`),
      handlerError(error) {
        errors.push(error);
        note('handlerError');
      },
      socketError(error) {
        errors.push(error);
        note('socketError');
      },
    },
    lines,
    errors,
    count,
    seen: (prefix, wanted = 1, timeoutMs = 5_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`saw ${count(prefix)} of ${wanted} "${prefix}" in ${timeoutMs} ms: ${lines.join('; ')}`));
        }, timeoutMs);
        const check = (): void => {
          if (count(prefix) < wanted) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
