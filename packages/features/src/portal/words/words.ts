import type { Language } from './language.js';

/** Every sentence of the portal in one language. Functions take what stands in the middle of a sentence, unescaped. */
export interface Words {
  readonly language: Language;
  /** For the link to this language, in its own words. */
  readonly ownName: string;
  readonly skip: string;
  readonly nav: {
    readonly label: string;
    readonly packages: string;
    readonly voucher: string;
    readonly signIn: string;
    readonly paid: string;
    readonly status: string;
    readonly help: string;
    readonly terms: string;
  };
  readonly packages: {
    readonly title: string;
    readonly lead: string;
    readonly none: string;
    readonly buy: string;
    readonly haveVoucher: string;
    readonly havePassword: string;
    readonly remembered: string;
    readonly rememberedButton: string;
    readonly refused: (reason: string) => string;
  };
  readonly units: {
    readonly minutes: (n: number) => string;
    readonly hours: (n: number) => string;
    readonly days: (n: number) => string;
    readonly weeks: (n: number) => string;
    readonly and: (a: string, b: string) => string;
    readonly lessThanAMinute: string;
  };
  readonly terms: {
    readonly free: string;
    readonly unlimited: string;
    readonly data: (amount: string) => string;
    readonly speed: (rate: string) => string;
    readonly devices: (n: number) => string;
    readonly valid: (time: string) => string;
    readonly online: (time: string) => string;
  };
  readonly phone: {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly button: (price: string) => string;
    readonly what: string;
    readonly change: string;
    readonly invalid: string;
    readonly gone: string;
  };
  readonly waiting: {
    readonly title: string;
    readonly first: string;
    readonly second: (price: string) => string;
    readonly third: string;
    readonly again: string;
    readonly leave: string;
    readonly checkingTitle: string;
    readonly checking: string;
  };
  readonly failed: { readonly title: string; readonly again: string; readonly other: string };
  readonly connect: {
    readonly title: string;
    readonly lead: string;
    readonly button: string;
    readonly keep: string;
    readonly username: string;
    readonly password: string;
    readonly until: (when: string) => string;
    readonly nowhere: string;
    readonly retryTitle: string;
    readonly retry: (reason: string) => string;
  };
  readonly voucher: {
    readonly title: string;
    readonly lead: string;
    readonly label: string;
    readonly hint: string;
    readonly button: string;
    readonly unknown: string;
    readonly revoked: string;
    readonly expired: string;
    readonly used: string;
    readonly limited: string;
  };
  readonly signIn: {
    readonly title: string;
    readonly lead: string;
    readonly username: string;
    readonly password: string;
    readonly button: string;
    readonly wrong: string;
    readonly suspended: string;
    readonly ended: string;
  };
  readonly status: {
    readonly title: string;
    readonly onlineTitle: string;
    readonly unknown: string;
    readonly timeLeft: string;
    readonly dataLeft: string;
    readonly unlimited: string;
    readonly devices: string;
    readonly devicesValue: (online: number, allowed: number) => string;
    readonly until: string;
    readonly nothing: string;
    readonly buyMore: string;
    readonly deviceList: string;
    readonly deviceHint: string;
    readonly remove: string;
    readonly removeLabel: (device: string) => string;
    readonly removed: string;
    readonly thisDevice: string;
    readonly onlineNow: string;
    readonly noDevices: string;
    readonly noName: string;
    readonly sessions: string;
    readonly sessionAt: (router: string, since: string) => string;
  };
  readonly paid: {
    readonly title: string;
    readonly lead: string;
    readonly receipt: string;
    readonly receiptHint: string;
    readonly phone: string;
    readonly phoneHint: string;
    readonly button: string;
    readonly notFound: string;
    readonly needBoth: string;
    readonly tips: string;
    readonly tip1: string;
    readonly tip2: string;
    readonly tip3: string;
  };
  readonly help: {
    readonly title: string;
    readonly questions: readonly { readonly question: string; readonly answer: string }[];
    readonly contact: (contact: string) => string;
    readonly yourDevice: string;
    readonly router: string;
  };
  readonly conditions: { readonly title: string; readonly paragraphs: readonly string[] };
  readonly problems: {
    readonly title: string;
    readonly form: string;
    readonly limited: (time: string) => string;
    readonly unavailable: string;
    readonly notFoundTitle: string;
    readonly notFound: string;
    readonly back: string;
    readonly failed: string;
  };
}
