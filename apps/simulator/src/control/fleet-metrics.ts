import { Gauge, Registry } from 'prom-client';
import type { SimulatedRouter } from '../fleet.js';

/** What the fleet looks like at the moment of asking, in Prometheus's text format. */
export function fleetMetrics(routers: readonly SimulatedRouter[]): Registry {
  const registry = new Registry();
  const sum = (count: (router: SimulatedRouter) => number): number =>
    routers.reduce((total, one) => total + count(one), 0);
  const gauges: readonly [name: string, help: string, read: () => number][] = [
    ['turnpike_simulator_routers', 'Simulated routers', () => routers.length],
    ['turnpike_simulator_phones', 'Phones that the routers know', () => sum((one) => one.phones.length)],
    [
      'turnpike_simulator_phones_online',
      'Phones that are logged in',
      () => sum((one) => one.nas.activeSessions().length),
    ],
    ['turnpike_simulator_writes', 'Changes made over the API since the start', () => sum((one) => one.writes)],
    ['turnpike_simulator_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss()],
  ];
  for (const [name, help, read] of gauges) {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  }
  return registry;
}
