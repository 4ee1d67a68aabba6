import helmet from 'helmet';
import type { RequestHandler } from 'express';

type Sources = Record<string, string[] | null>;

/** Everything from this server and nothing from anywhere else; no inline scripts, no frames around us. */
const policy: Sources = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
};

/** `overHttps`: people reach us by HTTPS only, so browsers may be told to insist on it. */
export function securityHeaders({ overHttps }: { overHttps: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    strictTransportSecurity: overHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** The documentation's user interface sets styles on its elements as it runs; scripts stay confined all the same. */
export function docsPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: { ...policy, 'style-src': ["'self'", "'unsafe-inline'"] },
  });
}

/** The queue board does the same, and names the place that its addresses are relative to. */
export function boardPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: { ...policy, 'style-src': ["'self'", "'unsafe-inline'"], 'base-uri': ["'self'"] },
  });
}

/** The console's components add style elements as they run: those with this page's nonce, and no others. */
export function consolePolicy(nonce: string): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: { ...policy, 'style-src': ["'self'", `'nonce-${nonce}'`] },
  });
}
