import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';

const HEADER = 'x-request-id';
const ACCEPTABLE = /^[A-Za-z0-9._-]{8,64}$/;

/** The request's id: the caller's own when it is a plain token, else a new one. Told in the X-Request-Id header. */
export function requestIdOf(request: Request, response: Response): string {
  const given = response.getHeader(HEADER);
  if (typeof given === 'string') return given;
  const asked = request.get(HEADER);
  const requestId = asked !== undefined && ACCEPTABLE.test(asked) ? asked : randomUUID();
  response.setHeader(HEADER, requestId);
  return requestId;
}
