import { type ControlAnswer, ControlError } from '../control/control-answer.js';
import type { Sms } from './sms.js';
import { NO_SMS_FAULTS, smsFaultChange } from './sms-faults.js';

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });

/** Shows what went out and switches faults; `segments` is the path after `/sms`. */
export function smsControl(
  sms: Sms,
  method: string,
  segments: readonly string[],
  query: URLSearchParams,
  body: unknown,
): ControlAnswer {
  const [what] = segments;
  if (method === 'GET' && what === undefined) {
    return ok({ url: sms.url, faults: sms.faults, messages: sms.messages().length });
  }
  if (method === 'GET' && what === 'messages') return ok({ messages: sms.messages(query.get('to') ?? undefined) });
  if (method === 'POST' && what === 'faults') {
    const { clear = false, ...change } = smsFaultChange.parse(body);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    sms.faults = { ...(clear ? NO_SMS_FAULTS : sms.faults), ...given };
    return ok({ faults: sms.faults });
  }
  if (method === 'POST' && what === 'reset') {
    sms.reset();
    return ok({ faults: sms.faults, messages: 0 });
  }
  throw new ControlError(404, 'try GET /sms or /sms/messages, POST /sms/faults or /sms/reset');
}
