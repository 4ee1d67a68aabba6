import type { Permission } from '@turnpike/contracts/permissions.js';
import { useMay } from '../../session/session.js';

/** What selling or giving a package asks for: whoever takes payments may sell, whoever grants may give. */
export function useSellPermission(): Permission {
  return useMay('payments:write') ? 'payments:write' : 'grants:write';
}
