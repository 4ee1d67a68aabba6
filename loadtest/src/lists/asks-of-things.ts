import { CODES_OF_BATCH, routersOf } from './bulk-rows.js';
import type { Ask, AskMaker, Loaded, Pick } from './ask-maker.js';

/** Vouchers, routers, the audit trail, what people look for, and lists that are short by nature. */
export function asksOfThings(maker: AskMaker, loaded: Loaded): Ask[] {
  return [...vouchers(maker, loaded), ...audit(maker, loaded), ...searches(maker, loaded), ...others(maker, loaded)];
}

function vouchers({ ask, deep, of, one, days }: AskMaker, { batchIds, packageIds, voucherCode }: Loaded): Ask[] {
  const day = days(1);
  const month = days(30);
  const ofPackage = (pick: Pick): string => `packageId=${one(packageIds)(pick)}`;
  const batch = (pick: Pick): string => `batchId=${one(batchIds)(pick)}`;
  return [
    ask('/voucher-batches'),
    deep('/voucher-batches'),
    ask('/voucher-batches', ofPackage, 'packageId'),
    ask('/voucher-batches', day, 'of a day'),
    ask('/voucher-batches', (pick) => `${ofPackage(pick)}&${month(pick)}`, 'packageId of a month'),
    ask('/voucher-batches', (pick) => `number=${one(batchIds)(pick).slice(-8)}`, 'number'),
    ask('/voucher-batches', (pick) => `agentId=${one(batchIds)(pick)}`, 'agentId'),
    of(batchIds, '/voucher-batches/{id}'),
    of(batchIds, '/voucher-batches/{id}/redemptions'),
    ask('/vouchers'),
    deep('/vouchers'),
    ask('/vouchers', 'state=revoked'),
    ask('/vouchers', 'state=expired'),
    deep('/vouchers', 'state=redeemed'),
    deep('/vouchers', 'state=unused'),
    ask('/vouchers', `q=${voucherCode}`, 'q=code'),
    ask('/vouchers', `q=${voucherCode.toLowerCase().replaceAll('-', '')}`, 'q=code as typed'),
    ask('/vouchers', (pick) => `${batch(pick)}&limit=${Math.min(200, CODES_OF_BATCH)}`, 'batchId'),
    ask('/vouchers', (pick) => `${batch(pick)}&state=redeemed&limit=200`, 'batchId state=redeemed'),
    ask('/vouchers', (pick) => `${batch(pick)}&state=expired`, 'batchId state=expired'),
  ];
}

function audit({ ask, days }: AskMaker, { sizes, customerIds }: Loaded): Ask[] {
  const day = days(1);
  const month = days(30);
  const entry = (pick: Pick): number => 1 + pick(sizes.payments / 5);
  return [
    ask('/audit'),
    ask('/audit', (pick) => `cursor=${entry(pick)}`, 'deep'),
    ask('/audit', 'actor=system'),
    ask('/audit', 'actor=00000000-0000-7000-8000-000000000000', 'actor=somebody idle'),
    ask('/audit', 'action=router.'),
    ask('/audit', 'action=agent.'),
    ask('/audit', 'action=cache.invalidated'),
    ask('/audit', (pick) => `action=router.&cursor=${entry(pick)}`, 'action=router. deep'),
    ask('/audit', (pick) => `action=router.&${day(pick)}`, 'action=router. of a day'),
    ask('/audit', (pick) => `action=agent.&${month(pick)}`, 'action=agent. of a month'),
    ask('/audit', (pick) => `actor=system&action=session.&${day(pick)}`, 'actor action of a day'),
    ask('/audit', (pick) => `actor=system&cursor=${entry(pick)}`, 'actor deep'),
    ask('/audit', 'subjectType=entitlement'),
    ask('/audit', (pick) => `subjectType=customer&subjectId=${entry(pick)}`, 'of one thing'),
    ask('/audit', (pick) => `subjectId=${entry(pick)}`, 'subjectId'),
    ask('/audit', (pick) => `subjectId=${customerIds[pick(customerIds.length)]}`, 'subjectId of nothing'),
    ask('/audit', day, 'of a day'),
    ask('/audit', month, 'of a month'),
    ask('/audit', (pick) => day(pick).replace(/from=[^&]*&/, ''), 'until a day'),
  ];
}

function searches({ ask, phone, mac }: AskMaker, { sizes, voucherCode }: Loaded): Ask[] {
  const spelled: Readonly<Record<string, (pick: Pick) => string>> = {
    '07...': (pick) => `07${phone(pick)}`,
    '2547...': (pick) => `2547${phone(pick)}`,
    '+254 7...': (pick) => `%2B254%207${phone(pick)}`,
    mac: mac,
    'mac with colons': (pick) => mac(pick).replace(/(..)(?=.)/g, '$1:'),
    'mac with dots': (pick) => mac(pick).replace(/(....)(?=.)/g, '$1.'),
    receipt: (pick) => `L${(100 * pick(sizes.payments / 100) + 50).toString(16).padStart(9, '0').toUpperCase()}`,
    ip: (pick) => `10.5.${48 + pick(16)}.${1 + pick(250)}`,
    voucher: () => voucherCode,
    username: (pick) => `load${1 + pick(sizes.customers)}`,
    'part of a name': (pick) => `oad${1 + pick(sizes.customers)}`,
    'part of a phone': (pick) => phone(pick).slice(-6),
    'two letters': () => 'lo',
    load: () => 'load',
    'nobody-is-called-so': () => 'nobody-is-called-so',
  };
  return Object.entries(spelled).map(([name, text]) => ask('/search', (pick) => `q=${text(pick)}`, `q=${name}`));
}

function others({ ask, of }: AskMaker, { sizes, routerIds, packageIds }: Loaded): Ask[] {
  return [
    ask('/routers'),
    ask('/routers', 'sort=name&limit=200'),
    ask('/routers', 'status=offline'),
    ask('/routers', 'deployment=active&limit=1'),
    ask('/routers', (pick) => `q=${1 + pick(routersOf(sizes))}`, 'q'),
    ask('/routers', (pick) => `site=Site%20${pick(20)}`, 'site'),
    ask('/routers', (pick) => `site=Site%20${pick(20)}&status=online&sort=name`, 'site status by name'),
    of(routerIds, '/routers/{id}'),
    of(routerIds, '/routers/{id}/runs'),
    ask('/packages'),
    ask('/packages', 'q=load'),
    ask('/packages', 'active=true&archived=false&limit=200'),
    of(packageIds, '/packages/{id}'),
    ask('/operators'),
    ask('/api-tokens'),
    ask('/agents'),
    ask('/agents', 'active=true'),
    ask('/alerts'),
    ask('/alerts', 'state=open'),
    ask('/alerts', 'state=resolved&severity=critical'),
    ask('/alerts', 'kind=router_offline'),
    ask('/alerts/summary'),
    ask('/queues/{name}/jobs', 'state=failed'),
    ask('/queues/{name}/jobs', 'state=delayed'),
    // Counts everybody; one reads it for all, and at most every two seconds.
    { ...ask('/dashboard/stats'), maxPages: 20_000 },
  ];
}
