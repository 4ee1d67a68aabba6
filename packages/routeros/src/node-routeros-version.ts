import { createRequire } from 'node:module';
import { RosError } from './ros-error.js';

const SUPPORTED_VERSION = '1.6.9';

/**
 * Throws RosError `usage` unless exactly the release is installed whose inner workings `RosConnector` overrides:
 * another one could bring its own reading and writing back without any sign of it.
 */
export function checkNodeRouterosVersion(load: (id: string) => unknown = createRequire(import.meta.url)): void {
  const manifest = load('node-routeros/package.json');
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  if (version !== SUPPORTED_VERSION) {
    throw new RosError('usage', `node-routeros ${SUPPORTED_VERSION} is needed, ${version} is installed`);
  }
}
