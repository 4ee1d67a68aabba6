import { SpanKind } from '@opentelemetry/api';
import type { Metrics } from '@turnpike/runtime/metrics.js';
import { noTracing, type Tracing } from '@turnpike/runtime/tracing/tracing.js';
import { RosError } from '@turnpike/routeros/ros-error.js';
import type { DialRouter, RosSession } from '@turnpike/routeros/ros-session.js';

type Operation = 'dial' | 'exec' | 'print' | 'add' | 'set' | 'unset' | 'remove';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The same with every conversation measured: what was done, and whether the router did it. Routers never become labels. What is
 * done for somebody whose request is traced is traced too.
 */
export function measuredDial(metrics: Metrics, dial: DialRouter, tracing: Tracing = noTracing): DialRouter {
  const duration = metrics.histogram(
    'turnpike_worker_routeros_operation_seconds',
    'Time of an operation on a router, by outcome: ok, or what went wrong (trap: the router refused)',
    ['operation', 'outcome'],
    BUCKETS,
  );
  const sessions = metrics.gauge('turnpike_worker_routeros_sessions', 'API sessions with routers that are open');

  async function measured<Result>(operation: Operation, path: string, work: () => Promise<Result>): Promise<Result> {
    const stop = duration.startTimer({ operation });
    try {
      const result = await traced(operation, path, work);
      stop({ outcome: 'ok' });
      return result;
    } catch (error) {
      stop({ outcome: error instanceof RosError ? error.kind : 'other' });
      throw error;
    }
  }

  /** `path`: of the command, which never holds what was entered. */
  function traced<Result>(operation: Operation, path: string, work: () => Promise<Result>): Promise<Result> {
    if (!tracing.isOn) return work();
    const attributes = { 'turnpike.routeros.operation': operation, 'turnpike.routeros.path': path };
    return tracing.within(`RouterOS ${operation} ${path}`.trimEnd(), { kind: SpanKind.CLIENT, attributes }, work);
  }

  return async (target, options) => {
    const session = await measured('dial', '', () => dial(target, options));
    sessions.inc();
    session.closed.then(() => sessions.dec()).catch(() => undefined);
    return measuredSession(session, measured);
  };
}

function measuredSession(
  session: RosSession,
  measured: <Result>(operation: Operation, path: string, work: () => Promise<Result>) => Promise<Result>,
): RosSession {
  return {
    exec: (...call) => measured('exec', call[0], () => session.exec(...call)),
    print: (...call) => measured('print', call[0], () => session.print(...call)),
    add: (...call) => measured('add', call[0], () => session.add(...call)),
    set: (...call) => measured('set', call[0], () => session.set(...call)),
    unset: (...call) => measured('unset', call[0], () => session.unset(...call)),
    remove: (...call) => measured('remove', call[0], () => session.remove(...call)),
    // They last as long as somebody listens.
    stream: (...call) => session.stream(...call),
    closed: session.closed,
    localAddress: session.localAddress,
    close: () => session.close(),
  };
}
