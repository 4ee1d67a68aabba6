import type { Permission } from '@turnpike/contracts/permissions.js';
import type { SearchItem } from '@turnpike/contracts/search.js';
import { moneyText } from '@turnpike/core/money.js';
import type { Db } from '@turnpike/db/database.js';
import { mayActor, type Actor } from '@turnpike/runtime/http/actor.js';
import type { CustomerSearch } from '../customers/customer-search.service.js';
import type { VoucherCodes } from '../vouchers/voucher-code.js';
import { searchTerms, type SearchTerms } from './search-terms.js';
import { searchPackages, searchPayments, searchRouters, searchSessions, searchVouchers } from './search.store.js';
import { customerItem, paymentItem, routerItem, sessionItem } from './search.view.js';

export interface SearchService {
  /** At most 20; what a text means exactly comes before what it is only a part of. */
  find(text: string, actor: Actor): Promise<SearchItem[]>;
}

interface Deps {
  readonly db: Db;
  readonly customers: CustomerSearch;
  readonly codes: Pick<VoucherCodes, 'parse' | 'hashes'>;
}

/** One meaning: who may look for it, whether an operator of some sites may, and the look-up. */
interface Source {
  readonly permission: Permission;
  readonly ofSites: boolean;
  readonly find: () => Promise<SearchItem[]>;
}

const MOST = 20;
const MOST_OF_A_KIND = 6;

export function createSearchService({ db, customers, codes }: Deps): SearchService {
  const sourcesOf = (terms: SearchTerms, { role, sites }: Actor): Source[] => [
    {
      permission: 'customers:read',
      ofSites: false,
      find: async () => {
        const found = await customers.find({ q: terms.text, limit: MOST_OF_A_KIND });
        return found.slice(0, MOST_OF_A_KIND).map((each) => customerItem(each, role));
      },
    },
    {
      permission: 'routers:read',
      ofSites: true,
      find: async () =>
        (await searchRouters(db, terms, sites, MOST_OF_A_KIND)).map((router) => routerItem(router, terms)),
    },
    {
      permission: 'sessions:read',
      ofSites: true,
      find: async () =>
        (await searchSessions(db, terms, sites, MOST_OF_A_KIND)).map((session) => sessionItem(session, terms, role)),
    },
    {
      permission: 'payments:read',
      ofSites: false,
      find: async () =>
        (await searchPayments(db, terms, MOST_OF_A_KIND)).map((payment) => paymentItem(payment, terms, role)),
    },
    { permission: 'vouchers:read', ofSites: false, find: () => findVouchers(db, terms) },
    { permission: 'packages:read', ofSites: false, find: () => findPackages(db, terms) },
  ];
  return {
    find: async (text, actor) => {
      const sources = sourcesOf(searchTerms(text, codes), actor).filter(
        ({ permission, ofSites }) => mayActor(actor, permission) && (actor.sites === null || ofSites),
      );
      const found = (await Promise.all(sources.map((source) => source.find()))).flat();
      return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
    },
  };
}

async function findVouchers(db: Db, { voucherHashes }: SearchTerms): Promise<SearchItem[]> {
  if (voucherHashes.length === 0) return [];
  return (await searchVouchers(db, voucherHashes)).map(({ id, state, packageName }) => {
    return { kind: 'voucher', id, title: packageName, subtitle: state, matched: 'voucher' };
  });
}

async function findPackages(db: Db, { part }: SearchTerms): Promise<SearchItem[]> {
  if (part === undefined) return [];
  return (await searchPackages(db, part, MOST_OF_A_KIND)).map(({ id, name, type, priceMinor, currency }) => {
    return {
      kind: 'package',
      id,
      title: name,
      subtitle: `${type} · ${moneyText(priceMinor, currency)}`,
      matched: 'name',
    };
  });
}

/** Names may only contain the text. */
function rank({ matched }: SearchItem): number {
  return matched === 'name' || matched === 'username' ? 1 : 0;
}
