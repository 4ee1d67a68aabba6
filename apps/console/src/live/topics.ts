import { assertNever } from '@turnpike/core/assert-never.js';
import type { LiveEvent } from '@turnpike/contracts/events.js';

/** Tags of the endpoints whose answers an event makes old. */
export function topicsOf(event: LiveEvent): readonly string[] | 'all' {
  switch (event.type) {
    case 'provisioning':
      return ['provisioning', 'routers'];
    case 'router-status':
      return ['routers', 'dashboard'];
    case 'router-readings':
      return ['routers'];
    case 'session':
      return ['sessions', 'dashboard'];
    case 'payment':
      return ['payments', 'dashboard', 'customers', 'entitlements'];
    case 'changed':
      return [event.topic, 'dashboard', 'audit'];
    case 'reset':
      return 'all';
    default:
      return assertNever(event);
  }
}
