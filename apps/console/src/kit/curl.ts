import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { urlOf } from '../api/call.js';

interface Input {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** A call as a line for a POSIX shell. The token is left for the reader to fill in. */
export function curlOf(origin: string, endpoint: Endpoint, input: Input): string {
  const parts = ['curl', '-sS', '-H', '"Authorization: Bearer $TURNPIKE_TOKEN"'];
  if (endpoint.method !== 'get') parts.push('-X', endpoint.method.toUpperCase());
  if (input.body !== undefined) {
    parts.push('-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(input.body)));
  }
  return [...parts, quoted(`${origin}${urlOf(endpoint, input)}`)].join(' ');
}

/** One word of a command line, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
