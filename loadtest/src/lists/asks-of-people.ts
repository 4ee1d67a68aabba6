import type { Ask, AskMaker, Loaded, Pick } from './ask-maker.js';

/** Customers, what they bought, and where they were online. */
export function asksOfPeople({ ask, deep, of, one, place, days, phone, mac }: AskMaker, loaded: Loaded): Ask[] {
  const { sizes, customerIds, routerIds } = loaded;
  const username = (pick: Pick): string => `username=load${1 + pick(sizes.customers)}`;
  const router = (pick: Pick): string => `routerId=${one(routerIds)(pick)}`;
  const customer = (pick: Pick): string => `customerId=${one(customerIds)(pick)}`;
  const both =
    (...parts: ((pick: Pick) => string)[]) =>
    (pick: Pick): string =>
      parts.map((part) => part(pick)).join('&');
  const having =
    (query: string, part: (pick: Pick) => string) =>
    (pick: Pick): string =>
      `${query}&${part(pick)}`;
  const startedBefore = (pick: Pick): string => {
    const { at, id } = place(pick);
    return `cursor=${at}~${id}`;
  };
  const day = days(1);
  const month = days(30);
  return [
    ask('/customers'),
    deep('/customers'),
    ask('/customers', (pick) => `q=07${phone(pick)}`, 'q=phone'),
    ask('/customers', (pick) => `q=%2B254+7${phone(pick)}`, 'q=phone, international'),
    ask('/customers', (pick) => `q=${phone(pick).slice(-5)}`, 'q=end of a phone'),
    ask('/customers', (pick) => `q=load${1 + pick(sizes.customers)}`, 'q=username'),
    ask('/customers', (pick) => `q=${mac(pick)}`, 'q=mac'),
    ask('/customers', (pick) => `q=${mac(pick).replace(/(..)(?=.)/g, '$1-')}`, 'q=mac with dashes'),
    ask('/customers', (pick) => `q=10.5.${48 + pick(16)}.${1 + pick(250)}`, 'q=ip'),
    ask('/customers', 'q=nobody-is-called-so'),
    ask('/customers', 'q=lo', 'q=two letters'),
    of(customerIds, '/customers/{id}'),
    of(customerIds, '/customers/{id}/entitlements'),
    of(customerIds, '/customers/{id}/devices'),
    of(customerIds, '/customers/{id}/why'),
    of(customerIds, '/customers/{id}/wallet'),
    of(customerIds, '/customers/{id}/payments'),
    of(customerIds, '/customers/{id}/sessions'),
    of(customerIds, '/customers/{id}/usage'),
    of(customerIds, '/entitlements/{id}'),
    ask('/sessions'),
    ask('/sessions', startedBefore, 'deep'),
    ask('/sessions', 'state=open'),
    ask('/sessions', 'state=stale'),
    ask('/sessions', 'state=closed'),
    ask(
      '/sessions',
      both(() => 'state=closed', startedBefore),
      'state=closed deep',
    ),
    ask('/sessions', 'service=pppoe'),
    // Goes through those that are online, however many are over.
    { ...ask('/sessions', 'state=open&service=pppoe'), maxPages: 60_000 },
    ask('/sessions', username, 'username'),
    ask('/sessions', having('state=open', username), 'state=open username'),
    ask('/sessions', 'state=open&username=nobody-is-called-so'),
    ask('/sessions', router, 'routerId'),
    ask('/sessions', both(router, startedBefore), 'routerId deep'),
    ask('/sessions', having('state=open', router), 'state=open routerId'),
    ask(
      '/sessions',
      both(() => 'state=open', username, router),
      'state=open username routerId',
    ),
    ask('/sessions', both(having('state=closed', router), startedBefore), 'state=closed routerId deep'),
    ask('/sessions/history'),
    // In order of their beginnings.
    ask('/sessions/history', startedBefore, 'deep'),
    ask('/sessions/history', both(router, startedBefore), 'routerId deep'),
    ask('/sessions/history', username, 'username'),
    ask('/sessions/history', both(username, month), 'username of a month'),
    ask('/sessions/history', router, 'routerId'),
    ask('/sessions/history', both(router, day), 'routerId of a day'),
    ask('/sessions/history', both(router, month), 'routerId of a month'),
    ask('/sessions/history', both(username, router), 'username routerId'),
    ask('/sessions/history', customer, 'customerId'),
    ask('/sessions/history', both(customer, day), 'customerId of a day'),
    ask('/sessions/history', day, 'of a day'),
    ask('/sessions/history', month, 'of a month'),
    ask('/sessions/history', (pick) => day(pick).replace(/from=[^&]*&/, ''), 'until a day'),
    ask('/sessions/history', (pick) => day(pick).replace(/&to=.*/, ''), 'since a day'),
    ask('/sessions/history', 'username=nobody-is-called-so'),
    ask('/lookup/ip', (pick) => `ip=10.5.${48 + pick(16)}.${1 + pick(250)}`, 'ip'),
    ask(
      '/lookup/ip',
      (pick) => `ip=10.5.${48 + pick(16)}.${1 + pick(250)}&at=${/from=([^&]*)/.exec(day(pick))?.[1]}`,
      'ip at a time',
    ),
    ask('/notifications'),
    deep('/notifications'),
    ask('/notifications', 'state=failed'),
    ask('/notifications', 'state=suppressed'),
    ask('/notifications', 'state=queued'),
    deep('/notifications', 'state=sent'),
    ask('/notifications', customer, 'customerId'),
    ask('/notifications', having('state=failed', customer), 'customerId state=failed'),
  ];
}
