import express, { type Router } from 'express';
import type { PortalConfig } from './portal-config.js';
import type { PortalLimits } from './portal-limits.js';
import type { PortalService } from './portal.service.js';

export interface CaptiveApiDeps {
  readonly portal: Pick<PortalService, 'access' | 'holderOfAddress'>;
  readonly limits: PortalLimits;
  readonly config: Pick<PortalConfig, 'publicUrl'>;
}

/** RFC 8908, 5. */
interface CaptiveState {
  readonly captive: boolean;
  readonly 'user-portal-url': string;
  readonly 'can-extend-session': boolean;
  readonly 'seconds-remaining'?: number;
  readonly 'bytes-remaining'?: number;
}

/**
 * Tells a device whether it is captive, at /captive-portal/api. It is known by its address as accounting has it, so this
 * works where the router does not hide addresses from us; a device that is not known is captive.
 */
export function captiveApi({ portal, limits, config }: CaptiveApiDeps): Router {
  const router = express.Router();
  router.get('/', async (request, response) => {
    const address = request.ip ?? '';
    await limits.take('reading', address);
    const customerId = await portal.holderOfAddress(address);
    const access = customerId === undefined ? undefined : await portal.access(customerId);
    const { running } = access ?? {};
    const bytes = running?.bytesRemaining === undefined ? undefined : Number(running.bytesRemaining);
    const state: CaptiveState = {
      captive: access === undefined,
      'user-portal-url': `${config.publicUrl}/portal/`,
      'can-extend-session': true,
      ...(running === undefined ? {} : { 'seconds-remaining': running.secondsRemaining }),
      ...(bytes === undefined ? {} : { 'bytes-remaining': Math.min(bytes, Number.MAX_SAFE_INTEGER) }),
    };
    response.set('Cache-Control', 'private, no-store').type('application/captive+json').send(JSON.stringify(state));
  });
  return router;
}
