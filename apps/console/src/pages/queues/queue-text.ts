import type { SayOf } from '../../words/say-of.js';
import type { queueWords } from './queue-words.js';

const NAMED = [
  'provisioning',
  'routers',
  'reads',
  'access',
  'sessions',
  'payments',
  'notifications',
  'sweeps',
] as const;

/** What the jobs of a queue are for. */
export function queueText(name: string, t: SayOf<typeof queueWords>): string | undefined {
  const known = NAMED.find((queue) => queue === name);
  return known === undefined ? undefined : t(known);
}

const PAGES: Readonly<Record<string, string>> = {
  routerId: '/routers',
  customerId: '/customers',
  paymentId: '/payments',
  runId: '/runs',
};

/** What a job is about, by the ids that it carries; `to`: where that is shown. */
export function subjectsOf(data: Readonly<Record<string, unknown>>): { text: string; to: string | undefined }[] {
  return Object.entries(data)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([key, id]) => {
      const page = PAGES[key];
      return { text: `${key} ${id}`, to: page === undefined ? undefined : `${page}/${id}` };
    });
}
