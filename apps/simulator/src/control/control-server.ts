import { messageOf } from '@turnpike/core/app-error.js';
import { darajaControl } from '../daraja/daraja-control.js';
import type { Daraja } from '../daraja/daraja.js';
import type { SimulatedRouter } from '../fleet.js';
import { type HttpAnswer, type HttpQuestion, type HttpServer, startHttpServer } from '../http/http-server.js';
import { smsControl } from '../sms/sms-control.js';
import type { Sms } from '../sms/sms.js';
import { type ControlAnswer, ControlError } from './control-answer.js';
import { handleControl } from './control-routes.js';
import { fleetMetrics } from './fleet-metrics.js';

export interface Controlled {
  readonly routers: readonly SimulatedRouter[];
  readonly daraja: Daraja;
  readonly sms: Sms;
}

function parseBody(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}

async function dispatch(controlled: Controlled, { method, path, query, text }: HttpQuestion): Promise<ControlAnswer> {
  const segments = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const body = parseBody(text);
  const [root, ...rest] = segments;
  if (root === 'daraja') return darajaControl(controlled.daraja, method, rest, query, body);
  if (root === 'sms') return smsControl(controlled.sms, method, rest, query, body);
  return handleControl(controlled.routers, method, segments, body);
}

async function answer(controlled: Controlled, question: HttpQuestion): Promise<HttpAnswer> {
  try {
    return await dispatch(controlled, question);
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, body: { error: error.message } };
    return { status: 400, body: { error: messageOf(error) } };
  }
}

/** JSON over HTTP on the loopback address, to steer phones and faults of a running fleet and the stand-ins beside it. */
export function startControlServer(controlled: Controlled, port: number): Promise<HttpServer> {
  const metrics = fleetMetrics(controlled.routers);
  return startHttpServer('the control endpoint', port, async (question) => {
    if (question.path === '/metrics') {
      return { status: 200, body: await metrics.metrics(), contentType: metrics.contentType };
    }
    // It listens only once every router does.
    if (question.path === '/healthz' || question.path === '/readyz') return { status: 200, body: { ok: true } };
    return answer(controlled, question);
  });
}
