import type { RosSession } from '@turnpike/routeros/ros-session.js';
import type { Secret } from '@turnpike/core/secret.js';
import type { Operation } from './plan.js';
import { removeRoutersOwnPages } from './routers-own-pages.js';

/** Carries out one operation. Gives the id of the row; throws the session's RosError. */
export async function applyOperation(
  session: RosSession,
  operation: Operation,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (operation.op) {
    case 'add': {
      const place = operation.placeBefore === undefined ? {} : { 'place-before': operation.placeBefore };
      const attributes = { ...operation.attributes, ...revealed(operation.secrets), ...place };
      return session.add(operation.path, attributes, { signal });
    }
    case 'set':
      await session.set(
        operation.path,
        operation.rosId,
        { ...operation.attributes, ...revealed(operation.secrets) },
        { signal },
      );
      return operation.rosId;
    case 'remove':
      if (operation.path === '/file') await removeRoutersOwnPages(session, operation.key, signal);
      await session.remove(operation.path, operation.rosId, { signal });
      return operation.rosId;
  }
}

function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
}
