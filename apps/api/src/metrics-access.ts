import { BlockList } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { AppError } from '@turnpike/core/app-error.js';
import { sameSecret } from '@turnpike/core/same-secret.js';
import type { Secret } from '@turnpike/core/secret.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Lets pass who asks from this machine itself, or sends the metrics token as bearer token. Throws `unauthenticated`. */
export function requireMetricsAccess(token: Secret | undefined): RequestHandler {
  return (request, _response, next) => {
    if (isLocal(request) || carries(request, token)) next();
    else next(new AppError('unauthenticated', 'Metrics are for this machine, or for a bearer of the metrics token.'));
  };
}

/** A reverse proxy on this machine connects from loopback too, but says for whom. */
function isLocal(request: Request): boolean {
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in request.headers);
  return !forwarded && loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

function carries(request: Request, token: Secret | undefined): boolean {
  if (token === undefined) return false;
  const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
  return sameSecret(given, token.reveal());
}
