import type { Command } from 'commander';
import { explainAccess, type AccessAnswer } from '@turnpike/contracts/access.js';
import { getCustomer, listCustomers, listEntitlements } from '@turnpike/contracts/customers.js';
import type { ApiClient } from '../api-client.js';
import { VerbError } from './exit.js';
import { isId } from './find-router.js';
import { addVerb, type Verb, type VerbHost } from './verb.js';
import { ago, sizeOf, spanOf, when } from './words.js';

/** `customer show` and `customer why`. */
export function customerVerbs(group: Command, host: VerbHost): void {
  addVerb(group, host, {
    name: 'show <customer>',
    description: 'a customer and what was bought; by phone number, MAC, username or id',
    run: show,
  });
  addVerb(group, host, {
    name: 'why <customer>',
    description: 'why a customer can, or cannot, get online, and what to do',
    run: why,
  });
}

const SHOWN = 5;

/** Whom a phone number in any notation, a MAC address, a username or an id means. */
async function findCustomer(api: ApiClient, text: string): Promise<string> {
  if (isId(text)) return text;
  const { items } = await api.call(listCustomers, { query: { q: text, limit: SHOWN + 1 } });
  const [only] = items;
  const exact = items.find(({ username }) => username === text);
  if (exact !== undefined) return exact.id;
  if (only === undefined)
    throw new VerbError(`Nobody is known by ${text}: neither phone, device, username nor receipt.`);
  if (items.length === 1) return only.id;
  const names = items.slice(0, SHOWN).map(({ id, username }) => `  ${username}  ${id}`);
  throw new VerbError(`${text} fits several customers; name one by its id:\n${names.join('\n')}`);
}

async function show(verb: Verb, [text = '']: readonly string[]): Promise<void> {
  const api = await verb.api();
  const id = await findCustomer(api, text);
  const [customer, bought] = await Promise.all([
    api.call(getCustomer, { params: { id } }),
    api.call(listEntitlements, { params: { id } }),
  ]);
  verb.out.thing({ ...customer, entitlements: bought.items }, [
    ['username', customer.username],
    ['id', customer.id],
    ['phone', customer.msisdn ?? '-'],
    ['e-mail', customer.email ?? '-'],
    ['status', customer.status],
    ['since', when(customer.createdAt)],
  ]);
  if (verb.out.json) return;
  verb.out.say('');
  verb.out.list(
    [
      { title: 'package', value: ({ packageName }) => packageName, mayShrink: true },
      { title: 'state', value: ({ state }) => state },
      { title: 'until', value: ({ endsAt }) => when(endsAt) },
      { title: 'used', value: ({ usedOctets }) => sizeOf(usedOctets), align: 'right' },
    ],
    bought.items,
    'Nothing was bought yet.',
  );
}

async function why(verb: Verb, [text = '']: readonly string[]): Promise<void> {
  const api = await verb.api();
  const answer = await api.call(explainAccess, { params: { id: await findCustomer(api, text) } });
  const { out, host } = verb;
  out.emit(answer);
  const { good, bad, bold, dim } = out.colours;
  out.say(`${bold(answer.username)}  ${(answer.verdict === 'accept' ? good : bad)(answer.message)}`);
  if (answer.remedy !== null) out.say(`To do: ${answer.remedy}`);
  for (const line of onlineLines(answer, host.now())) out.say(line);
  if (answer.lastDecisions.length === 0) return out.say(dim('No login was decided in the last seven days.'));
  out.say(bold('\nLast logins'));
  for (const { at, outcome, router, device, message } of answer.lastDecisions) {
    const where = [router?.name, device].filter((part) => part !== undefined && part !== null).join(', ');
    out.say(`${when(at)}  ${(outcome === 'accept' ? good : bad)(message)}  ${dim(where)}`);
  }
}

function onlineLines({ openSessions, devicesOnline }: AccessAnswer, now: Date): string[] {
  const sessions = openSessions.map(
    ({ router, callingStationId, startedAt, outputOctets }) =>
      `Online on ${router.name} with ${callingStationId ?? '?'} for ${ago(startedAt, now)}, ${sizeOf(outputOctets)} down`,
  );
  const places = devicesOnline.map(({ device, name, until }) => {
    const left = spanOf((new Date(until).getTime() - now.getTime()) / 1000);
    return `${name ?? device} holds a place, for ${left} unless it is heard of again`;
  });
  return [...sessions, ...places];
}
