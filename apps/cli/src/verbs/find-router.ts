import { getRouter, listRouters, type RouterView } from '@turnpike/contracts/routers.js';
import type { ApiClient } from '../api-client.js';
import { EXIT, VerbError } from './exit.js';
import { readPages } from './pages.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST = 1_000;
const SUGGESTED = 5;

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** The router with this id or, in any case, this name. A part of a name is never enough to act on. */
export async function findRouter(api: ApiClient, text: string): Promise<RouterView> {
  if (isId(text)) return api.call(getRouter, { params: { id: text } });
  const { items } = await readPages(MOST, (query) => api.call(listRouters, { query: { ...query, q: text } }));
  const wanted = text.toLowerCase();
  const found = items.find(({ name }) => name === text) ?? items.find(({ name }) => name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const names = items.slice(0, SUGGESTED).map(({ name }) => name);
  const hint = names.length === 0 ? '`turnpike router list` shows them all.' : `Did you mean ${names.join(', ')}?`;
  throw new VerbError(`There is no router named ${text}. ${hint}`, EXIT.failed);
}

/** Several routers, each once, in the order in which they were named. */
export async function findRouters(api: ApiClient, texts: readonly string[]): Promise<RouterView[]> {
  const found = await Promise.all(texts.map((text) => findRouter(api, text)));
  return [...new Map(found.map((router) => [router.id, router])).values()];
}
