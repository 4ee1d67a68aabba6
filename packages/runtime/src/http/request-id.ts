import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';

export const REQUEST_ID_HEADER = 'x-request-id';
const ACCEPTABLE = /^[A-Za-z0-9._-]{8,64}$/;

/** The request's id: the caller's own when it is a plain token, else a new one. Told in the X-Request-Id header. */
export function requestIdOf(request: Request, response: Response): string {
  const given = response.getHeader(REQUEST_ID_HEADER);
  if (typeof given === 'string') return given;
  const requestId = requestIdFrom(request.get(REQUEST_ID_HEADER));
  response.setHeader(REQUEST_ID_HEADER, requestId);
  return requestId;
}

/** `asked`: the header as the caller sent it. */
export function requestIdFrom(asked: string | undefined): string {
  return asked !== undefined && ACCEPTABLE.test(asked) ? asked : randomUUID();
}
