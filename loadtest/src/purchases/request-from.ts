import { askHttp, type HttpAnswer } from '../http-ask.js';

/** HTTP from a chosen address of this machine: each customer has one, and limits by address are for customers. */
export type RequestFrom = (localAddress: string, method: string, url: string, body?: unknown) => Promise<HttpAnswer>;

const DEADLINE_MS = 30_000;

/** A connection of its own each time, as phones have. */
export const requestFrom: RequestFrom = (localAddress, method, url, body) =>
  askHttp({ localAddress, method, url, body, signal: AbortSignal.timeout(DEADLINE_MS) });
