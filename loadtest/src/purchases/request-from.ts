import { request } from 'node:http';

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

/** HTTP from a chosen address of this machine: each customer has one, and limits by address are for customers. */
export type RequestFrom = (localAddress: string, method: string, url: string, body?: unknown) => Promise<Answered>;

const DEADLINE_MS = 30_000;

/** A connection of its own each time, as phones have. */
export const requestFrom: RequestFrom = (localAddress, method, url, body) =>
  new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const options = {
      method,
      localAddress,
      agent: false,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(DEADLINE_MS),
    } as const;
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text, tookMs: performance.now() - startedMs });
      });
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
