import { z } from 'zod';
import type { SimulatedRouter } from '../fleet.js';
import { addRow, setRow } from '../router/mutations.js';
import { RouterTrap } from '../router/router-trap.js';
import type { Phone } from '../phones/phone.js';
import { type ControlAnswer, ControlError } from './control-answer.js';

const credentials = z.object({
  username: z.string(),
  password: z.string(),
  /** Logs in again by itself whenever the router has ended the session. */
  again: z.boolean().default(false),
});
const dialling = z.object({
  username: z.string(),
  password: z.string(),
  method: z.enum(['pap', 'chap', 'mschap2']).optional(),
});
/** `clean`: says Accounting-Off first. `announce`: says Accounting-On afterwards. */
const rebooting = z.object({ clean: z.boolean(), announce: z.boolean() }).partial().strict();
const newPhone = z.object({ mac: z.string().optional() });
const traffic = z.object({ up: z.number().min(0), down: z.number().min(0) });
const faults = z
  .object({
    clear: z.boolean(),
    segmentation: z.enum(['none', 'bytes', 'before-final-zero']),
    delayMs: z.number().min(0),
    dropAt: z
      .object({
        sentence: z.number().int().min(1),
        how: z.enum(['fin', 'rst', 'fatal']).default('fin'),
        when: z.enum(['before', 'after']).default('before'),
      })
      .nullable(),
    neverAnswer: z.array(z.string()),
    traps: z.array(z.object({ command: z.string(), message: z.string(), category: z.number().int().optional() })),
    acceptThenClose: z.boolean(),
    silentAccept: z.boolean(),
    tagLast: z.boolean(),
    radiusSilent: z.boolean(),
    coaSilent: z.boolean(),
    coaLoss: z.number().min(0).max(1),
    coaNak: z.number().int().min(200).max(599).nullable(),
    /** Changes the password of the API user behind everybody's back. */
    password: z.string(),
  })
  .partial()
  .strict();

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });

function routerView(router: SimulatedRouter): Record<string, unknown> {
  return {
    name: router.name,
    host: router.host,
    apiPort: router.apiPort,
    tlsPort: router.tlsPort,
    nasAddress: router.nasAddress,
    version: router.version,
    writes: router.writes,
    phones: router.phones.length,
    online: router.nas.activeSessions().length,
  };
}

function details(router: SimulatedRouter): Record<string, unknown> {
  return {
    ...routerView(router),
    phones: router.phones.map((phone) => phone.view()),
    active: [...router.rows('/ip/hotspot/active'), ...router.rows('/ppp/active')],
    radius: router.state.table('/radius').rows.map((row) => ({ id: row.id, ...router.nas.counters(row.id) })),
    incoming: router.nas.incomingCounters(),
    faults: router.faults.settings,
  };
}

function setPassword(router: SimulatedRouter, password: string): void {
  const user = router.state.byName('/user', router.username);
  const menu = router.state.schema.menu('/user');
  if (user !== undefined && menu !== undefined) setRow(router.state, menu, user, { password });
}

function setFaults(router: SimulatedRouter, body: unknown): ControlAnswer {
  const { clear, password, dropAt, traps, coaNak, ...rest } = faults.parse(body);
  if (clear === true) router.faults.clear();
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  router.faults.set(given);
  if (traps !== undefined) {
    router.faults.set({
      traps: traps.map(({ command, message, category }) =>
        category === undefined ? { command, message } : { command, message, category },
      ),
    });
  }
  if (coaNak !== undefined) router.faults.set({ coaNak: coaNak ?? undefined });
  if (dropAt !== undefined) router.faults.set({ dropAt: dropAt ?? undefined });
  if (password !== undefined) setPassword(router, password);
  return ok({ faults: router.faults.settings });
}

async function phoneAction(phone: Phone, action: string | undefined, body: unknown): Promise<ControlAnswer> {
  switch (action) {
    case 'join':
      phone.join();
      return ok(phone.view());
    case 'login':
      await phone.login(credentials.parse(body));
      return ok(phone.view());
    case 'mac-login':
      await phone.loginByMac();
      return ok(phone.view());
    case 'dial':
      await phone.dial(dialling.parse(body));
      return ok(phone.view());
    case 'logout':
      await phone.logout();
      return ok(phone.view());
    case 'leave':
      await phone.leave();
      return ok(phone.view());
    case 'idle':
      phone.idle();
      return ok(phone.view());
    case 'browse':
      phone.browse();
      return ok(phone.view());
    case 'traffic':
      phone.session?.transfer(traffic.parse(body));
      return ok(phone.view());
    default:
      throw new ControlError(404, `phones cannot ${action ?? 'do that'}`);
  }
}

function findPhone(router: SimulatedRouter, mac: string): Phone {
  const phone = router.phones.find((one) => one.mac.toUpperCase() === mac.toUpperCase());
  if (phone === undefined) throw new ControlError(404, `no phone ${mac} at ${router.name}`);
  return phone;
}

/** Foreign configuration, as if the customer had typed it: `{path, args}`. */
function addForeign(router: SimulatedRouter, body: unknown): ControlAnswer {
  const { path, args } = z.object({ path: z.string(), args: z.record(z.string(), z.string()) }).parse(body);
  const menu = router.state.schema.menu(path);
  if (menu === undefined) throw new ControlError(404, `no menu ${path}`);
  try {
    return { status: 201, body: { id: addRow(router.state, menu, args).id } };
  } catch (error) {
    if (error instanceof RouterTrap) throw new ControlError(422, error.message);
    throw error;
  }
}

async function routerAction(router: SimulatedRouter, action: string, body: unknown): Promise<ControlAnswer> {
  switch (action) {
    case 'phones': {
      const phone = router.phone(newPhone.parse(body).mac);
      phone.join();
      return { status: 201, body: phone.view() };
    }
    case 'faults':
      return setFaults(router, body);
    case 'reboot':
      await router.reboot(rebooting.parse(body));
      return ok(routerView(router));
    case 'press-button':
      await router.pressModeButton();
      return ok(routerView(router));
    case 'rows':
      return addForeign(router, body);
    default:
      throw new ControlError(404, 'no such resource');
  }
}

/** Answers one request; `segments` is the path taken apart. Throws ControlError or a validation error. */
export async function handleControl(
  routers: readonly SimulatedRouter[],
  method: string,
  segments: readonly string[],
  body: unknown,
): Promise<ControlAnswer> {
  const [root, name, what, mac, action] = segments;
  if (root !== 'routers') throw new ControlError(404, 'try GET /routers, /daraja or /sms');
  if (name === undefined) return ok({ routers: routers.map(routerView) });
  const router = routers.find((one) => one.name === name);
  if (router === undefined) throw new ControlError(404, `no router ${name}`);
  if (what === undefined) return ok(details(router));
  if (method === 'GET' && what === 'rows') return ok({ rows: router.rows(`/${segments.slice(3).join('/')}`) });
  if (method === 'GET' && what === 'phones') {
    return ok(mac === undefined ? { phones: router.phones.map((one) => one.view()) } : findPhone(router, mac).view());
  }
  if (method !== 'POST') throw new ControlError(405, 'use GET or POST');
  if (what === 'phones' && mac !== undefined) return phoneAction(findPhone(router, mac), action, body);
  return routerAction(router, what, body);
}
