import { randomUUID } from 'node:crypto';
import { type HttpAnswer, type HttpQuestion, startHttpServer } from '../http/http-server.js';
import { realTime, type SimTime } from '../router/sim-time.js';
import { NO_SMS_FAULTS, type SmsFaults } from './sms-faults.js';

export interface SmsOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly username: string;
  readonly apiKey: string;
  /** Steerable in tests. */
  readonly time?: SimTime;
}

export interface KeptMessage {
  readonly id: string;
  /** E.164 digits. */
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly at: Date;
}

/** A stand-in for Africa's Talking's SMS gateway: it keeps what would go out. */
export interface Sms {
  readonly url: string;
  readonly options: SmsOptions;
  messages(to?: string): KeptMessage[];
  faults: SmsFaults;
  /** Forgets the messages and ends the faults. */
  reset(): void;
  stop(): Promise<void>;
}

const MOST_KEPT = 100_000;
const COST = 'KES 0.8000';

interface Recipient {
  readonly statusCode: number;
  readonly number: string;
  readonly status: string;
  readonly cost: string;
  readonly messageId: string;
}

const plain = (status: number, body: string): HttpAnswer => ({ status, body, contentType: 'text/plain' });

function summary(recipients: readonly Recipient[]): HttpAnswer {
  const sent = recipients.filter(({ statusCode }) => statusCode === 101).length;
  const Message = `Sent to ${sent}/${recipients.length} Total Cost: KES ${(sent * 0.8).toFixed(4)}`;
  return { status: 201, body: { SMSMessageData: { Message, Recipients: recipients } } };
}

export async function startSms(options: SmsOptions): Promise<Sms> {
  const { port, username, apiKey, time = realTime() } = options;
  let messages: KeptMessage[] = [];
  let faults: SmsFaults = NO_SMS_FAULTS;

  function send(number: string, text: string, from: string | null): Recipient {
    const refused = (statusCode: number, status: string): Recipient => {
      return { statusCode, number, status, cost: '0', messageId: 'None' };
    };
    if (!/^\+\d{8,15}$/.test(number)) return refused(403, 'InvalidPhoneNumber');
    if (faults.refuse !== null) return refused(faults.refuse, faults.refuseAs);
    const id = `ATXid_${randomUUID().replaceAll('-', '')}`;
    messages.push({ id, to: number.slice(1), from, text, at: time.now() });
    if (messages.length > MOST_KEPT) messages = messages.slice(MOST_KEPT / 2);
    return { statusCode: 101, number, status: 'Success', cost: COST, messageId: id };
  }

  function accept({ method, path, headers, text }: HttpQuestion): HttpAnswer {
    if (path === '/' && method === 'GET') return { status: 200, body: { name: 'SMS stand-in', username } };
    if (path !== '/version1/messaging') return plain(404, 'The requested resource could not be found.');
    if (method !== 'POST') return plain(405, 'HTTP method not allowed, supported methods: POST');
    if (headers['apikey'] !== apiKey) return plain(401, 'The supplied authentication is invalid');
    const form = new URLSearchParams(text);
    if (form.get('username') !== username) return plain(401, 'The supplied authentication is invalid');
    for (const field of ['to', 'message']) {
      if (!form.get(field)) return plain(400, `Request is missing required form field '${field}'`);
    }
    const numbers = (form.get('to') ?? '').split(',').map((number) => number.trim());
    return summary(numbers.map((number) => send(number, form.get('message') ?? '', form.get('from'))));
  }

  const server = await startHttpServer('the SMS stand-in', port, async (question) => {
    if (faults.down) return 'hang up';
    if (faults.slowMs > 0) await new Promise<void>((resolve) => time.after(faults.slowMs, resolve));
    return faults.fail ? plain(500, 'An internal error occurred') : accept(question);
  });
  return {
    url: server.url,
    options,
    messages: (to) => messages.filter((message) => to === undefined || message.to === to),
    get faults() {
      return faults;
    },
    set faults(next) {
      faults = next;
    },
    reset: () => {
      messages = [];
      faults = NO_SMS_FAULTS;
    },
    stop: () => server.stop(),
  };
}
