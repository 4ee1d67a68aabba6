import { DAYS, idAtShare } from './lists-ids.js';
import type { Sizes } from './bulk-rows.js';

/** Ids of what was loaded, to ask for. */
export interface Loaded {
  readonly at: Date;
  readonly sizes: Sizes;
  readonly accountId: string;
  readonly customerIds: readonly string[];
  readonly routerIds: readonly string[];
  readonly packageIds: readonly string[];
  readonly batchIds: readonly string[];
  readonly paymentIds: readonly string[];
  /** One that can be redeemed. */
  readonly voucherCode: string;
}

/** `pick(n)`: a number from 0 to n - 1, another one each time. */
export type Pick = (many: number) => number;

/** One list with one set of filters; each of its requests asks for other values. */
export interface Ask {
  /** As the contract writes it, so that a test can tell which list is not asked. */
  readonly endpoint: string;
  readonly name: string;
  readonly path: (pick: Pick) => string;
  /** Where it may cost PostgreSQL more than others. */
  readonly maxPages?: number;
  /** Where it may take longer than others. */
  readonly maxMs?: number;
}

/** A part of a query, or of a path: the same each time, or other values each time. */
type Part = string | ((pick: Pick) => string);

export interface AskMaker {
  /** `name` is what it is called in the report where the query has values: left out, the query itself. */
  ask(endpoint: string, query?: Part, name?: string): Ask;
  /** The same with a page from anywhere in the list. */
  deep(endpoint: string, query?: Part, name?: string): Ask;
  /** A moment anywhere in the year, as ISO 8601, and an id of then. */
  place(pick: Pick): { readonly at: string; readonly id: string };
  /** `{id}` of the endpoint is one of these. */
  of(ids: readonly string[], endpoint: string, query?: Part, name?: string): Ask;
  one(ids: readonly string[]): (pick: Pick) => string;
  /** `from` and `to` of so many days, anywhere in the year. */
  days(count: number): (pick: Pick) => string;
  /** Digits of a phone after the 07 or 2547 that it begins with. */
  phone(pick: Pick): string;
  /** Hex digits of a device, without separators. */
  mac(pick: Pick): string;
}

type Source = { readonly at: Date; readonly sizes: Sizes };

const DAY_MS = 86_400_000;
const YEAR_DAYS = 360;

export function createAskMaker({ at, sizes }: Source): AskMaker {
  const textOf = (part: Part, pick: Pick): string => (typeof part === 'string' ? part : part(pick));
  const nameOf = (endpoint: string, query: Part, name?: string): string =>
    [endpoint, name ?? (typeof query === 'string' ? query : 'filtered')].filter((word) => word !== '').join(' ');
  const one =
    (ids: readonly string[]) =>
    (pick: Pick): string =>
      ids[pick(ids.length)] ?? '';
  const ask: AskMaker['ask'] = (endpoint, query = '', name = undefined) => ({
    endpoint,
    name: nameOf(endpoint, query, name),
    path: (pick) => `${endpoint}?${textOf(query, pick)}`,
  });
  const place: AskMaker['place'] = (pick) => {
    const share = (1 + pick(97)) / 100;
    return { at: new Date(at.getTime() - (1 - share) * DAYS * DAY_MS).toISOString(), id: idAtShare(at, share) };
  };
  return {
    ask,
    one,
    place,
    deep: (endpoint, query = '', name = undefined) => {
      const plain = ask(endpoint, query, name);
      return {
        ...plain,
        name: `${plain.name} deep`,
        path: (pick) => `${plain.path(pick)}&cursor=${place(pick).id}`,
      };
    },
    of: (ids, endpoint, query = '', name = undefined) => {
      const plain = ask(endpoint, query, name);
      return { ...plain, path: (pick) => plain.path(pick).replace('{id}', one(ids)(pick)) };
    },
    days: (count) => (pick) => {
      const from = new Date(at.getTime() - (1 + pick(YEAR_DAYS)) * DAY_MS);
      return `from=${from.toISOString()}&to=${new Date(from.getTime() + count * DAY_MS).toISOString()}`;
    },
    phone: (pick) => String(1 + pick(sizes.customers)).padStart(8, '0'),
    mac: (pick) => `0200${(1 + pick(sizes.customers)).toString(16).padStart(8, '0')}`,
  };
}
