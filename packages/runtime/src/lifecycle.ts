import { messageOf } from '@turnpike/core/app-error.js';
import type { Logger } from './logger.js';

/** The parts of `process` that a lifecycle uses. */
export interface ProcessHost {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  exit(code: number): void;
  send?: ((message: string) => unknown) | undefined;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** Longest a stop may take before the process ends anyway; keep it below the supervisor's kill timeout. */
  readonly forceAfterMs: number;
  /** Default: this process. */
  readonly host?: ProcessHost;
}

export interface Lifecycle {
  /** Stopped in the reverse order of being added; what fails to stop is logged and does not keep the others. */
  add(name: string, stop: () => Promise<void> | void): void;
  /** Tells the supervisor that requests may come. */
  ready(): void;
  /** Stops everything once and ends the process; later calls wait for the first. */
  stop(reason: string, exitCode?: number): Promise<void>;
  /** Aborts as soon as stopping begins. */
  readonly stopping: AbortSignal;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { logger, forceAfterMs } = options;
  const host: ProcessHost = options.host ?? hostOf(process);
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  const controller = new AbortController();
  let stopped: Promise<void> | undefined;
  let current = 'nothing';

  async function stopAll(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, 'stopping');
    controller.abort();
    const force = setTimeout(() => {
      logger.error({ part: current, forceAfterMs }, 'did not stop in time');
      host.exit(1);
    }, forceAfterMs);
    let failed = false;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      current = part.name;
      try {
        await part.stop();
      } catch (error) {
        failed = true;
        logger.error({ err: error, part: part.name }, 'part failed to stop');
      }
    }
    clearTimeout(force);
    logger.info({ reason }, 'stopped');
    host.exit(failed && exitCode === 0 ? 1 : exitCode);
  }

  const stop = (reason: string, exitCode = 0): Promise<void> => (stopped ??= stopAll(reason, exitCode));
  for (const signal of ['SIGTERM', 'SIGINT']) host.on(signal, () => void stop(signal));
  const fatal = (reason: string) => (error: unknown) => {
    logger.fatal({ err: error instanceof Error ? error : new Error(messageOf(error)) }, reason);
    void stop(reason, 1);
  };
  host.on('uncaughtException', fatal('uncaught exception'));
  host.on('unhandledRejection', fatal('unhandled rejection'));
  return {
    add: (name, part) => void parts.push({ name, stop: part }),
    ready: () => void host.send?.('ready'),
    stop,
    stopping: controller.signal,
  };
}

function hostOf(node: NodeJS.Process): ProcessHost {
  const send = node.send?.bind(node);
  return {
    on: (event, listener) => node.on(event, listener),
    exit: (code) => node.exit(code),
    send: send === undefined ? undefined : (message) => send(message),
  };
}
