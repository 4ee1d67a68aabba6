import { search } from '@turnpike/contracts/search.js';
import { route, type RouteBinding } from '@turnpike/runtime/http/route.js';
import type { SearchService } from './search.service.js';

export function searchRoutes({ service }: { service: SearchService }): RouteBinding[] {
  return [route(search, async ({ query, actor }) => ({ items: await service.find(query.q, actor) }))];
}
