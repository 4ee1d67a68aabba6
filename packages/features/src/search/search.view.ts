import type { MatchKind } from '@turnpike/contracts/customers.js';
import type { Role } from '@turnpike/contracts/permissions.js';
import type { SearchItem, SearchMatch } from '@turnpike/contracts/search.js';
import { moneyText } from '@turnpike/core/money.js';
import type { CustomerSearch } from '../customers/customer-search.service.js';
import { emailFor, phoneFor, usernameFor } from '../customers/phone-view.js';
import type { SearchTerms } from './search-terms.js';
import type { FoundPayment, FoundRouter, FoundSession } from './search.store.js';

const said = (parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');

export function routerItem(row: FoundRouter, { ip, code }: SearchTerms): SearchItem {
  const matched = ip !== undefined ? 'ip' : code !== undefined && row.serial === code ? 'serial' : 'name';
  const subtitle = said([row.site, row.model, row.status, row.address]);
  return { kind: 'router', id: row.id, title: row.name, subtitle, matched };
}

type FoundCustomer = Awaited<ReturnType<CustomerSearch['find']>>[number];

const MATCH_OF_CUSTOMER: Readonly<Record<MatchKind, SearchMatch>> = {
  username: 'username',
  msisdn: 'msisdn',
  email: 'email',
  device: 'mac',
  online_device: 'mac',
  ip: 'ip',
  receipt: 'receipt',
  voucher: 'voucher',
};

export function customerItem({ row, matched }: FoundCustomer, role: Role): SearchItem {
  const title = usernameFor(role, row.username);
  const phone = row.msisdn === null || row.msisdn === row.username ? null : phoneFor(role, row.msisdn);
  const email = row.email === null ? null : emailFor(role, row.email);
  const [first = 'username'] = matched;
  const subtitle = said([phone, email, row.status]);
  return { kind: 'customer', id: row.id, title, subtitle, matched: MATCH_OF_CUSTOMER[first] };
}

export function sessionItem(row: FoundSession, { mac, ip }: SearchTerms, role: Role): SearchItem {
  const matched =
    mac !== undefined && row.callingStationId === mac
      ? 'mac'
      : ip !== undefined && row.framedIpAddress === ip
        ? 'ip'
        : 'username';
  const subtitle = said([row.framedIpAddress, row.callingStationId, row.router]);
  return { kind: 'session', id: row.id, title: usernameFor(role, row.username), subtitle, matched };
}

export function paymentItem(row: FoundPayment, { code, text }: SearchTerms, role: Role): SearchItem {
  const matched =
    code !== undefined && row.receipt === code ? 'receipt' : row.reference === text ? 'reference' : 'msisdn';
  const phone = row.msisdn === null ? null : phoneFor(role, row.msisdn);
  return {
    kind: 'payment',
    id: row.id,
    title: said([moneyText(row.amountMinor, row.currency), row.receipt]),
    subtitle: said([row.state.replace('_', ' '), phone, row.createdAt.toISOString().slice(0, 10)]),
    matched,
  };
}
