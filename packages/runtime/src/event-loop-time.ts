import { performance } from 'node:perf_hooks';
import { Counter, type Registry } from 'prom-client';

/**
 * How busy the one thread is that everything of a process waits for: `rate()` of it is the share of time that it worked, 1 is
 * all of it. A counter, so that any number may read it.
 */
export function countEventLoopTime(registry: Registry): void {
  let counted = 0;
  new Counter({
    name: 'turnpike_event_loop_busy_seconds_total',
    help: 'Time in which the event loop did not wait for something to do',
    registers: [registry],
    collect() {
      const busy = performance.eventLoopUtilization().active / 1_000;
      this.inc(Math.max(0, busy - counted));
      counted = busy;
    },
  });
}
