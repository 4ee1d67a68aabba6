import { createCustomer, grantPackage, listEntitlements } from '@turnpike/contracts/customers.js';
import { createPackage, deactivatePackage } from '@turnpike/contracts/packages.js';
import {
  deployServiceConfig,
  getProvisioningStatus,
  planServiceConfig,
  type ProvisioningStatusView,
} from '@turnpike/contracts/provisioning.js';
import { listRouters, type RouterView } from '@turnpike/contracts/routers.js';
import { listSessions, type SessionView } from '@turnpike/contracts/sessions.js';
import type { ApiClient } from '../api-client.js';
import type { DemoScreen } from './demo-screen.js';
import { buyOverPortal, customerIdOf } from './purchase.js';
import { joinPhone, type SimulatedPhone } from './simulated-phone.js';
import { textsTo } from './text-messages.js';
import { waitFor } from './wait-for.js';

export interface DemoDeps {
  readonly api: ApiClient;
  /** The simulated router to use, and where its phones are controlled. */
  readonly simulator: { readonly routerName: string; readonly controlUrl: string };
  readonly screen: DemoScreen;
  /** Whether payments go to the stand-in; a real one is asked for nothing, and the access is granted instead. */
  readonly canPay: boolean;
  /** Where the SMS stand-in shows what it was given; absent where messages go elsewhere. */
  readonly smsControlUrl: string | undefined;
  /** Tells this run's package and customer apart from those of earlier runs. */
  readonly runName: string;
}

/** How long the demo's customer may be online: long enough to move some data, short enough to wait for. */
const VALID_FOR_SECONDS = 10;
const MEBIBYTE = 1024 * 1024;
const services = [{ type: 'hotspot' as const, interfaces: ['ether3'], dnsName: 'login.turnpike.example' }];

/** The main job, over real protocols: provision, sell, pay, log in, count, end. Rejects when any step does not come true. */
export async function runDemo(deps: DemoDeps): Promise<void> {
  const { screen } = deps;
  screen.title('Turnpike demo: one router, one phone, from nothing to online and off again');
  const router = await findRouter(deps);
  await provision(deps, router);
  const phone = await screen.step('A phone joins the WiFi', () => joinPhone(deps.simulator.controlUrl, router.name));
  const customer = await sell(deps, router, phone);
  const session = await goOnline(deps, phone, customer);
  await readMessages(deps, customer);
  const closed = await endOnTime(deps, phone, session);
  await countUsage(deps, customer, closed);
  await refuseAfterwards(deps, phone, customer);
}

interface DemoCustomer {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** Of whoever bought over the portal. */
  readonly msisdn?: string;
}

async function findRouter({ api, simulator, screen }: DemoDeps): Promise<RouterView> {
  const name = simulator.routerName;
  const router = await screen.step(`Router ${name} is reachable over the RouterOS API`, () =>
    waitFor({ what: `${name} coming online`, withinMs: 20_000 }, async () => {
      const { items } = await api.call(listRouters, { query: { q: name } });
      return items.find((item) => item.name === name && item.status === 'online');
    }),
  );
  screen.note(
    `${router.model ?? '?'}, RouterOS ${router.version ?? '?'}, at ${router.address ?? '?'}:${router.apiPort}`,
  );
  return router;
}

async function provision({ api, screen }: DemoDeps, router: RouterView): Promise<void> {
  const params = { id: router.id };
  const plan = await screen.step('Plan: what a hotspot on ether3 needs on this router', () =>
    api.call(planServiceConfig, { params, body: { services } }),
  );
  const count = (op: string): number => plan.operations.filter((operation) => operation.op === op).length;
  screen.note(`${count('add')} to add, ${count('set')} to set, ${count('remove')} to remove`);
  if (plan.conflicts.length > 0) throw new Error(plan.conflicts.map((conflict) => conflict.message).join('; '));

  const status = await screen.step('Deploy it', async (tell) => {
    await api.call(deployServiceConfig, { params, body: { services } });
    return waitFor({ what: 'the end of the deploy', withinMs: 60_000, everyMs: 50 }, async () => {
      const now = await api.call(getProvisioningStatus, { params });
      tell(`${String(now.percent).padStart(3)} %  ${now.stage ?? now.state}`);
      return now.finishedAt === null ? undefined : now;
    });
  });
  requireSuccess(status);
  screen.note(`verified on the router after ${status.writes} writes`);

  const again = await screen.step('Plan again: nothing is left to do', () =>
    api.call(planServiceConfig, { params, body: { services } }),
  );
  if (again.operations.length > 0) throw new Error(`${again.operations.length} operations are still planned`);
}

function requireSuccess(status: ProvisioningStatusView): void {
  if (status.state === 'succeeded') return;
  const { message, step, routerMessage, remedy } = status.error ?? {};
  throw new Error(
    [`the deploy ended as ${status.state}: ${message ?? 'no reason given'}`, step, routerMessage, remedy]
      .filter((part) => part !== null && part !== undefined)
      .join('\n       '),
  );
}

async function sell(deps: DemoDeps, router: RouterView, phone: SimulatedPhone): Promise<DemoCustomer> {
  const { api, screen, runName, canPay } = deps;
  const sold = await screen.step(`A package of ${VALID_FOR_SECONDS} seconds for KES 10 is put on sale`, () =>
    api.call(createPackage, {
      body: {
        name: `Demo ${runName}`,
        type: 'hotspot',
        priceMinor: 1000,
        currency: 'KES',
        validForSeconds: VALID_FOR_SECONDS,
        downKbps: 10_240,
        upKbps: 5_120,
      },
    }),
  );
  const customer = canPay ? await pay(deps, sold.id, router, phone) : await grant(deps, sold.id);
  await api.call(deactivatePackage, { params: { id: sold.id } });
  return customer;
}

async function pay(
  { api, screen }: DemoDeps,
  packageId: string,
  router: RouterView,
  { mac }: SimulatedPhone,
): Promise<DemoCustomer> {
  const { msisdn, view } = await screen.step('Its owner buys it in the portal and pays by M-Pesa (stand-in)', (tell) =>
    buyOverPortal(api, { packageId, routerId: router.id, mac, tell }),
  );
  screen.note(`${view.currency} ${(view.amountMinor / 100).toFixed(2)} paid by ${msisdn}`);
  const { username = '', password = '' } = view.credentials ?? {};
  return { id: await customerIdOf(api, msisdn), username, password, msisdn };
}

async function grant({ api, screen, runName }: DemoDeps, packageId: string): Promise<DemoCustomer> {
  const customer = await screen.step('It is granted to a new customer', async () => {
    const made = await api.call(createCustomer, { body: { username: `demo-${runName}` } });
    await api.call(grantPackage, { params: { id: made.id }, body: { packageId } });
    return { id: made.id, username: made.username, password: made.password ?? '' };
  });
  screen.note('payments do not go to the M-Pesa stand-in of the simulator: nobody is asked for money');
  return customer;
}

async function goOnline(
  { api, screen }: DemoDeps,
  phone: SimulatedPhone,
  customer: DemoCustomer,
): Promise<SessionView> {
  await screen.step('The phone logs in (RADIUS CHAP)', async () => {
    const state = await phone.login(customer.username, customer.password);
    if (!state.online) throw new Error(`the phone was refused: ${state.replyMessage ?? 'no reason given'}`);
  });
  const session = await screen.step('Its session is visible in the API', () =>
    waitFor({ what: 'the session showing up', withinMs: 5_000, everyMs: 50 }, () => openSession(api, customer)),
  );
  screen.note(`${session.username} on ${session.router.name} as ${session.framedIpAddress ?? '?'}, ${phone.mac}`);
  return session;
}

/** A receipt, and what to log other devices in with. */
async function readMessages({ smsControlUrl, screen }: DemoDeps, { msisdn }: DemoCustomer): Promise<void> {
  if (smsControlUrl === undefined || msisdn === undefined) return;
  const texts = await screen.step('Receipt and credentials arrive by SMS (stand-in)', () =>
    waitFor({ what: 'two text messages', withinMs: 20_000 }, async () => {
      const received = await textsTo(smsControlUrl, msisdn);
      return received.length >= 2 ? received : undefined;
    }),
  );
  for (const text of texts) screen.note(`"${text}"`);
}

async function openSession(api: ApiClient, customer: DemoCustomer): Promise<SessionView | undefined> {
  const { items } = await api.call(listSessions, { query: { state: 'open', username: customer.username } });
  return items[0];
}

async function endOnTime({ api, screen }: DemoDeps, phone: SimulatedPhone, session: SessionView): Promise<SessionView> {
  await screen.step('Time is up: the router ends the session', () =>
    waitFor({ what: 'the phone going offline', withinMs: (VALID_FOR_SECONDS + 20) * 1000 }, async () =>
      (await phone.isOnline()) ? undefined : true,
    ),
  );
  const closed = await screen.step('The session is closed by its accounting', () =>
    waitFor({ what: 'the session closing', withinMs: 10_000 }, async () => {
      const { items } = await api.call(listSessions, { query: { state: 'closed', username: session.username } });
      return items.find((item) => item.id === session.id);
    }),
  );
  screen.note(`${closed.sessionSeconds} s online, terminate cause ${closed.terminateCause ?? '?'}`);
  return closed;
}

/** What the session moved must be what was taken off the entitlement, byte for byte. */
async function countUsage({ api, screen }: DemoDeps, customer: DemoCustomer, session: SessionView): Promise<void> {
  const moved = BigInt(session.inputOctets) + BigInt(session.outputOctets);
  await screen.step('Its traffic is counted against what the customer bought', () =>
    waitFor({ what: `${moved} bytes reaching the entitlement`, withinMs: 5_000 }, async () => {
      const { items } = await api.call(listEntitlements, { params: { id: customer.id } });
      return moved > 0n && items[0]?.usedOctets === moved.toString() ? true : undefined;
    }),
  );
  screen.note(`${(Number(moved) / MEBIBYTE).toFixed(1)} MiB, in Acct-Session-Id ${session.acctSessionId}`);
}

async function refuseAfterwards({ screen }: DemoDeps, phone: SimulatedPhone, customer: DemoCustomer): Promise<void> {
  const state = await screen.step('Logging in again is refused, with a reason the customer understands', async () => {
    const answer = await phone.login(customer.username, customer.password);
    if (answer.online) throw new Error('the phone got in although its time is over');
    return answer;
  });
  screen.note(`"${state.replyMessage ?? ''}"`);
}
