import { CODES_OF_BATCH, routersOf, type Sizes } from './bulk-rows.js';
import { idAtShare } from './lists-ids.js';

/** Ids of what was loaded, to ask for. */
export interface Loaded {
  readonly at: Date;
  readonly sizes: Sizes;
  readonly accountId: string;
  readonly customerIds: readonly string[];
  readonly routerIds: readonly string[];
  readonly batchIds: readonly string[];
}

/** One list with one set of filters; each of its requests asks for other values. */
export interface Ask {
  /** As the contract writes it, so that a test can tell which list is not asked. */
  readonly endpoint: string;
  readonly name: string;
  /** `pick(n)`: a number from 0 to n - 1. */
  readonly path: (pick: (many: number) => number) => string;
}

/** Every list of the API that can be long, with the filters that people use, and with pages from deep inside. */
export function asksOf(loaded: Loaded): Ask[] {
  const { at, sizes, accountId, customerIds, routerIds, batchIds } = loaded;
  const plain = (endpoint: string, query = '', name = query): Ask => {
    return { endpoint, name: `${endpoint}${name === '' ? '' : ` ${name}`}`, path: () => `${endpoint}?${query}` };
  };
  type Pick = Parameters<Ask['path']>[0];
  const ask = (endpoint: string, name: string, path: Ask['path']): Ask => ({
    endpoint,
    name: `${endpoint} ${name}`,
    path,
  });
  const deepId = (pick: Pick): string => idAtShare(at, (1 + pick(97)) / 100);
  const deep = (endpoint: string, query = ''): Ask =>
    ask(endpoint, `${query} deep`.trim(), (pick) => `${endpoint}?cursor=${deepId(pick)}&${query}`);
  const one = (ids: readonly string[], pick: Pick): string => ids[pick(ids.length)] ?? '';
  const day = (pick: Pick): string => {
    const from = new Date(at.getTime() - (1 + pick(360)) * 86_400_000);
    return `from=${from.toISOString()}&to=${new Date(from.getTime() + 86_400_000).toISOString()}`;
  };
  const phone = (pick: Pick): string => `07${String(1 + pick(sizes.customers)).padStart(8, '0')}`;
  const receipt = (pick: Pick): string => `L${(100 * pick(sizes.payments / 100) + 50).toString(16).padStart(9, '0')}`;
  const router = (pick: Pick): string => one(routerIds, pick);
  const customer = (pick: Pick): string => one(customerIds, pick);
  const inPath = (endpoint: string, ids: (pick: Pick) => string, query = ''): Ask =>
    ask(endpoint, query, (pick) => `${endpoint.replace('{id}', ids(pick))}?${query}`);
  return [
    plain('/customers'),
    deep('/customers'),
    ask('/customers', 'q=phone', (pick) => `/customers?q=${phone(pick)}`),
    ask('/customers', 'q=username', (pick) => `/customers?q=load${1 + pick(sizes.customers)}`),
    ask(
      '/customers',
      'q=mac',
      (pick) => `/customers?q=0200${(1 + pick(sizes.customers)).toString(16).padStart(8, '0')}`,
    ),
    plain('/customers', 'q=nobody-is-called-so'),
    plain('/sessions'),
    deep('/sessions'),
    plain('/sessions', 'state=open'),
    plain('/sessions', 'state=stale'),
    deep('/sessions', 'state=closed'),
    ask('/sessions', 'username', (pick) => `/sessions?username=load${1 + pick(sizes.customers)}`),
    ask('/sessions', 'routerId', (pick) => `/sessions?routerId=${router(pick)}`),
    ask('/sessions', 'routerId deep', (pick) => `/sessions?routerId=${router(pick)}&cursor=${deepId(pick)}`),
    ask('/sessions', 'routerId state=open', (pick) => `/sessions?state=open&routerId=${router(pick)}`),
    ask(
      '/sessions',
      'routerId state=closed deep',
      (pick) => `/sessions?state=closed&routerId=${router(pick)}&cursor=${deepId(pick)}`,
    ),
    inPath('/customers/{id}/sessions', customer),
    plain('/sessions/history'),
    deep('/sessions/history'),
    ask('/sessions/history', 'customerId', (pick) => `/sessions/history?customerId=${customer(pick)}`),
    ask(
      '/sessions/history',
      'customerId of a day',
      (pick) => `/sessions/history?customerId=${customer(pick)}&${day(pick)}`,
    ),
    ask('/sessions/history', 'of a day', (pick) => `/sessions/history?${day(pick)}`),
    plain('/payments'),
    deep('/payments'),
    plain('/payments', 'state=failed'),
    deep('/payments', 'state=failed'),
    plain('/payments', 'state=review'),
    deep('/payments', 'state=review'),
    plain('/payments', 'provider=paybill'),
    deep('/payments', 'provider=cash'),
    ask('/payments', 'q=phone', (pick) => `/payments?q=${phone(pick)}`),
    ask('/payments', 'q=receipt', (pick) => `/payments?q=${receipt(pick)}`),
    ask('/payments', 'of a day', (pick) => `/payments?${day(pick)}`),
    ask('/payments', 'of a day, failed', (pick) => `/payments?state=failed&${day(pick)}`),
    plain('/payments/review'),
    deep('/payments/review'),
    inPath('/customers/{id}/payments', customer),
    plain('/ledger/accounts'),
    plain('/ledger/accounts', 'kind=customer_wallet'),
    plain('/ledger/entries'),
    deep('/ledger/entries'),
    plain('/ledger/entries', 'kind=top_up'),
    plain('/ledger/entries', 'kind=refund'),
    deep('/ledger/entries', 'kind=top_up'),
    plain('/ledger/entries', `account=${accountId}`, 'account'),
    ask('/ledger/entries', 'account deep', (pick) => `/ledger/entries?account=${accountId}&cursor=${deepId(pick)}`),
    ask('/ledger/entries', 'of a day', (pick) => `/ledger/entries?${day(pick)}`),
    inPath('/customers/{id}/wallet', customer),
    plain('/notifications'),
    deep('/notifications'),
    plain('/notifications', 'state=failed'),
    plain('/notifications', 'state=suppressed'),
    ask('/notifications', 'customerId', (pick) => `/notifications?customerId=${customer(pick)}`),
    plain('/voucher-batches'),
    deep('/voucher-batches'),
    plain('/vouchers'),
    deep('/vouchers'),
    plain('/vouchers', 'state=revoked'),
    plain('/vouchers', 'state=expired'),
    deep('/vouchers', 'state=redeemed'),
    ask(
      '/vouchers',
      'batchId',
      (pick) => `/vouchers?batchId=${one(batchIds, pick)}&limit=${Math.min(200, CODES_OF_BATCH)}`,
    ),
    plain('/audit'),
    ask('/audit', 'deep', (pick) => `/audit?cursor=${1 + pick(sizes.payments / 5)}`),
    plain('/audit', 'action=router.'),
    plain('/audit', 'action=cache.invalidated'),
    plain('/audit', 'subjectType=entitlement'),
    ask('/audit', 'of one thing', (pick) => `/audit?subjectType=customer&subjectId=${1 + pick(sizes.payments / 5)}`),
    ask('/audit', 'of a day', (pick) => `/audit?${day(pick)}`),
    plain('/routers'),
    plain('/routers', 'sort=name'),
    plain('/routers', 'status=offline'),
    ask('/routers', 'q', (pick) => `/routers?q=${1 + pick(routersOf(sizes))}`),
    ask('/routers', 'site', (pick) => `/routers?site=Site%20${pick(20)}`),
    inPath('/routers/{id}/runs', router),
    plain('/packages'),
    plain('/packages', 'q=load'),
    plain('/operators'),
    plain('/api-tokens'),
    plain('/agents'),
    plain('/queues/{name}/jobs', 'state=failed'),
    plain('/queues/{name}/jobs', 'state=delayed'),
    plain('/dashboard/stats'),
    plain('/search', 'q=load'),
    ask('/search', 'q=phone', (pick) => `/search?q=${phone(pick)}`),
    ask('/search', 'q=receipt', (pick) => `/search?q=${receipt(pick)}`),
    ask('/search', 'q=mac', (pick) => `/search?q=0200${(1 + pick(sizes.customers)).toString(16).padStart(8, '0')}`),
    ask('/search', 'q=part of a name', (pick) => `/search?q=oad${1 + pick(sizes.customers)}`),
    plain('/search', 'q=nobody-is-called-so'),
  ].map((each) => ({ ...each, path: (pick) => each.path(pick).replace('{name}', 'sweeps') }));
}
