import type { Language } from '@turnpike/contracts/languages.js';
import type { Channel, TemplateName } from '@turnpike/contracts/notifications.js';
import { moneyText } from '@turnpike/core/money.js';
import { z } from 'zod';
import { plainSmsText, septetsOf, SMS_SEPTETS } from './sms-text.js';

const text = z.string().max(500);
const instant = z.iso.datetime({ offset: true });
/** Minor units, or text for people. */
const amount = z.union([z.number().int(), text]);

/** What each message needs to know; secrets are never among it. */
export const templateParams = {
  payment_received: z.object({ amount, currency: text, package: text, receipt: text, endsAt: instant.optional() }),
  /** Username and password are looked up when it is sent. */
  credentials: z.object({}),
  /** What happened and what to do, in each language. */
  payment_failed: z.object({ en: text, sw: text }),
  expiring: z.object({ package: text, endsAt: instant }),
  usage: z.object({ package: text, percent: z.number().int() }),
  refunded: z.object({ amount, currency: text }),
  voucher: z.object({ package: text, endsAt: instant.optional() }),
  /** What is wrong in each language, and where it is shown. */
  alert_opened: z.object({ en: text, sw: text, url: text }),
  alert_resolved: z.object({ en: text, sw: text, url: text }),
  /** Which one, of which days. It is made when it is sent. */
  report: z.object({ scheduleId: z.uuid(), from: z.iso.date(), to: z.iso.date() }),
} as const satisfies Record<TemplateName, z.ZodType>;

/** Sent whether or not the customer wants notices: they were asked for. */
export const ALWAYS_SENT: ReadonlySet<TemplateName> = new Set(['credentials']);

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface MessageInput {
  /** Reports are written by the feature of that name. */
  readonly template: Exclude<TemplateName, 'report'>;
  readonly channel: Channel;
  readonly language: Language;
  readonly params: unknown;
  /** Of the template `credentials`. */
  readonly credentials?: Credentials | undefined;
  /** IANA name, for times of day. */
  readonly timeZone: string;
}

export interface MessageText {
  readonly subject: string;
  readonly text: string;
}

interface Words {
  readonly subject: string;
  /** `name`: of the package, cut where the message would not fit in one SMS. */
  readonly say: (name: string) => string;
  readonly name: string;
}

const SHORTEST_NAME = 8;

/**
 * The message in words. An SMS is brought into the GSM 7-bit alphabet where that is possible, and a long package name is cut
 * so that it fits in one. Throws a ZodError when `params` are not those of the template.
 */
export function messageText(input: MessageInput): MessageText {
  const { subject, say, name } = wordsOf(input);
  if (input.channel === 'email') return { subject, text: say(name) };
  const whole = plainSmsText(say(name));
  const over = (septetsOf(whole) ?? 0) - SMS_SEPTETS;
  if (over <= 0) return { subject, text: whole };
  const kept = Math.max(SHORTEST_NAME, name.length - over - 2);
  return { subject, text: plainSmsText(say(kept + 2 < name.length ? `${name.slice(0, kept).trimEnd()}..` : name)) };
}

function wordsOf({ template, channel, language, params, credentials, timeZone }: MessageInput): Words {
  const at = (iso: string): string => timeWords(iso, timeZone);
  const sw = language === 'sw';
  switch (template) {
    case 'payment_received': {
      const { amount: paid, currency, package: name, receipt, endsAt } = templateParams.payment_received.parse(params);
      const money = moneyWords(paid, currency);
      const until = endsAt === undefined ? '' : at(endsAt);
      const what = `${money}${receipt === '' ? '' : ` (${receipt})`}`;
      // Without a package it was paid into the wallet.
      const bought = (n: string, online: string): string => `${n}${until === '' ? '' : `: ${online} ${until}`}.`;
      return sw
        ? {
            subject: 'Malipo yamepokelewa',
            name,
            say: (n) => `Tumepokea ${what}. ${n === '' ? 'Iko kwenye pochi yako.' : bought(n, 'hadi')} Asante.`,
          }
        : {
            subject: 'Payment received',
            name,
            say: (n) =>
              `We received ${what}. ${n === '' ? 'It is in your wallet.' : bought(n, 'online until')} Thank you.`,
          };
    }
    case 'credentials': {
      const { username = '', password = '' } = credentials ?? {};
      return sw
        ? plain(
            'Jina na nenosiri lako',
            `Kuingia WiFi ukitumia kifaa kingine: jina ${username} nenosiri ${password}. Usimpe mtu mwingine.`,
          )
        : plain(
            'Your WiFi login',
            `To go online with another device: username ${username} password ${password}. Keep them to yourself.`,
          );
    }
    case 'payment_failed': {
      const why = templateParams.payment_failed.parse(params);
      return sw
        ? plain('Malipo hayakufaulu', `Malipo ya WiFi hayakufaulu: ${sentence(why.sw)}`)
        : plain('Payment failed', `Your WiFi payment failed: ${sentence(why.en)}`);
    }
    case 'expiring': {
      const { package: name, endsAt } = templateParams.expiring.parse(params);
      return sw
        ? {
            subject: 'Muda wako unakaribia kuisha',
            name,
            say: (n) => `${n} inaisha ${at(endsAt)}. Nunua tena ili uendelee kuwa mtandaoni.`,
          }
        : {
            subject: 'Your access ends soon',
            name,
            say: (n) => `${n} ends ${at(endsAt)}. Buy again to stay online.`,
          };
    }
    case 'usage':
      return usageWords(templateParams.usage.parse(params), sw);
    case 'refunded': {
      const { amount: paid, currency } = templateParams.refunded.parse(params);
      const money = moneyWords(paid, currency);
      return sw
        ? plain('Umerudishiwa pesa', `Umerudishiwa ${money}. Huduma uliyolipia imesitishwa.`)
        : plain('Refunded', `${money} has been refunded to you. The access it paid for has ended.`);
    }
    case 'voucher': {
      const { package: name, endsAt } = templateParams.voucher.parse(params);
      const until = endsAt === undefined ? '' : at(endsAt);
      return sw
        ? {
            subject: 'Vocha imetumika',
            name,
            say: (n) => `Vocha yako imetumika: ${n}${until && `, hadi ${until}`}. Karibu.`,
          }
        : {
            subject: 'Voucher redeemed',
            name,
            say: (n) => `Your voucher has been redeemed: ${n}${until && `, online until ${until}`}. Welcome.`,
          };
    }
    case 'alert_opened':
    case 'alert_resolved':
      return alertWords(templateParams[template].parse(params), { isOver: template === 'alert_resolved', sw, channel });
  }
}

/** To operators. An SMS has no room for an address; it begins with who sends it. */
function alertWords(
  { en, sw: swahili, url }: z.infer<typeof templateParams.alert_opened>,
  { isOver, sw, channel }: { isOver: boolean; sw: boolean; channel: Channel },
): Words {
  const name = sw ? swahili : en;
  const head = sw ? (isOver ? 'Imekwisha' : 'Tahadhari') : isOver ? 'Over' : 'Alert';
  const more = sw ? 'Maelezo na la kufanya' : 'What it means and what to do';
  const sms = (n: string): string => `Turnpike, ${head.toLowerCase()}: ${n}`;
  const say = (n: string): string => (channel === 'sms' ? sms(n) : `${n}.\n\n${more}: ${url}`);
  return { subject: `${head}: ${name}`, name, say };
}

function usageWords({ package: name, percent }: z.infer<typeof templateParams.usage>, sw: boolean): Words {
  if (percent >= 100) {
    return sw
      ? { subject: 'Kifurushi kimeisha', name, say: (n) => `${n} imetumika yote. Nunua tena ili uendelee.` }
      : { subject: 'Used up', name, say: (n) => `${n} is used up. Buy again to go on.` };
  }
  return sw
    ? { subject: `Umetumia ${percent}%`, name, say: (n) => `Umetumia ${percent}% ya ${n}.` }
    : { subject: `${percent}% used`, name, say: (n) => `You have used ${percent}% of ${n}.` };
}

function plain(subject: string, words: string): Words {
  return { subject, name: '', say: () => words };
}

/** Ends in a full stop. */
function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

function moneyWords(value: number | string, currency: string): string {
  if (typeof value === 'string') return value.startsWith(currency) ? value : `${currency} ${value}`;
  return moneyText(value, currency).replace(/\.00$/, '');
}

/** `23/11/2026 18:04`, the same in both languages. */
function timeWords(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('day')}/${of('month')}/${of('year')} ${of('hour')}:${of('minute')}`;
}
