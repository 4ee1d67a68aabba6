import { createCustomer, grantPackage } from '@turnpike/contracts/customers.js';
import { createPackage, type PackageBody } from '@turnpike/contracts/packages.js';
import {
  deployServiceConfig,
  getProvisioningStatus,
  planServiceConfig,
  type PlanView,
  type ProvisioningStatusView,
} from '@turnpike/contracts/provisioning.js';
import { createRouter, getRouterStatus } from '@turnpike/contracts/routers.js';
import { listSessions, type SessionView } from '@turnpike/contracts/sessions.js';
import { startSimulatedRouter, type SimulatedRouter } from '../../apps/simulator/src/fleet.js';
import { plantedSecret, type System } from './system.js';
import { until } from './until.js';

export const HOTSPOT = { services: [{ type: 'hotspot', interfaces: ['ether3'], dnsName: 'login.example.net' }] };

/** A simulated router that the system knows and has seen. */
export interface Site {
  readonly id: string;
  readonly name: string;
  readonly router: SimulatedRouter;
  status(): Promise<ProvisioningStatusView>;
  plan(): Promise<PlanView>;
  /** Gives the id of the run. */
  deploy(): Promise<string>;
  /** The status, once it fulfils the condition. */
  reaches(what: string, test: (status: ProvisioningStatusView) => boolean): Promise<ProvisioningStatusView>;
  /** The status at the end of the newest run. */
  finished(): Promise<ProvisioningStatusView>;
  /** Deploys the hotspot and rejects unless that succeeds. */
  provisioned(): Promise<ProvisioningStatusView>;
}

const ONLINE_MS = 15_000;
const RUN_MS = 45_000;

/** Starts a router, registers it and waits until it is online. */
export async function openSite(system: System, name: string): Promise<Site> {
  const { api } = system;
  const password = plantedSecret('router');
  const router = await startSimulatedRouter({ version: '7.22', name, username: 'turnpike', password, tls: false });
  system.secrets.add(password);
  const { id } = await api.call(createRouter, {
    body: {
      name,
      address: router.host,
      apiPort: router.apiPort,
      apiUsername: router.username,
      apiPassword: password,
      nasAddress: router.nasAddress,
    },
  });
  const params = { id };
  await until(`${name} being online`, ONLINE_MS, async () => {
    const { status } = await api.call(getRouterStatus, { params });
    return status === 'online' ? true : undefined;
  }).catch(async (error: unknown) => {
    await router.stop();
    throw error;
  });
  const status = () => api.call(getProvisioningStatus, { params });
  const reaches: Site['reaches'] = (what, test) =>
    until(what, RUN_MS, async () => {
      const now = await status();
      return test(now) ? now : undefined;
    });
  const finished = () => reaches(`the end of the run on ${name}`, ({ finishedAt }) => finishedAt !== null);
  const deploy = async () => (await api.call(deployServiceConfig, { params, body: HOTSPOT })).runId;
  return {
    id,
    name,
    router,
    status,
    reaches,
    finished,
    deploy,
    plan: () => api.call(planServiceConfig, { params, body: HOTSPOT }),
    provisioned: async () => {
      await deploy();
      const ended = await finished();
      expect(ended).toMatchObject({ state: 'succeeded', percent: 100, error: null });
      for (const { secret } of radiusRows(router)) system.secrets.add(secret);
      return ended;
    },
  };
}

/** The RADIUS servers that the router was given, as its own administrator sees them. */
export function radiusRows(router: SimulatedRouter): { readonly secret: string }[] {
  return router.state.table('/radius').rows.map(({ props }) => ({ secret: props['secret'] ?? '' }));
}

/** Pages that RouterOS itself puts into the folder of a hotspot and that ours do not take the place of. */
const OWN_PAGES = /^tp-hotspot\d+\/(flogin\.html|md5\.js|api\.json)$/;

/** Rows that somebody configured, without what the router adds itself and the ids that it gives. */
export function configuredRows(router: SimulatedRouter, paths: Iterable<string>): Record<string, unknown[]> {
  const rowsOf = (path: string) =>
    router
      .rows(path)
      .filter((row) => row['dynamic'] !== 'true' && !OWN_PAGES.test(row['name'] ?? ''))
      .map(({ '.id': _id, ...row }) => row);
  return Object.fromEntries([...new Set(paths)].map((path) => [path, rowsOf(path)]));
}

export interface Customer {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

let customers = 0;

/** A customer with a package of his own. */
export async function openCustomer(system: System, changes: Partial<PackageBody> = {}): Promise<Customer> {
  customers += 1;
  const username = `customer-${customers}`;
  const password = plantedSecret('customer');
  system.secrets.add(password);
  const sold = await system.api.call(createPackage, {
    body: {
      name: `Package ${customers}`,
      type: 'hotspot',
      priceMinor: 5_000,
      currency: 'KES',
      validForSeconds: 3_600,
      downKbps: 10_240,
      upKbps: 5_120,
      ...changes,
    },
  });
  const { id } = await system.api.call(createCustomer, { body: { username, password } });
  await system.api.call(grantPackage, { params: { id }, body: { packageId: sold.id } });
  return { id, username, password };
}

/** The newest session of a customer in this state. */
export function sessionOf(
  system: System,
  { username }: Customer,
  state: SessionView['state'],
  withinMs: number,
): Promise<SessionView> {
  return until(`${username} having a session that is ${state}`, withinMs, async () => {
    const { items } = await system.api.call(listSessions, { query: { username, state } });
    return items[0];
  });
}
