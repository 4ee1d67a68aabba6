import type { CliConfig } from './config.js';
import { type Layout, layoutOf } from './layout.js';
import { type Pm2, createPm2 } from './pm2.js';

/** What every command works with. */
export interface CliContext {
  readonly config: CliConfig;
  readonly layout: Layout;
  readonly pm2: Pm2;
  /** Writes to the terminal as is. */
  readonly write: (text: string) => void;
}

export function createCliContext(config: CliConfig, write: (text: string) => void): CliContext {
  const layout = layoutOf(config.dataDir);
  const { root, dataDir, bareEnvironment } = config;
  return { config, layout, pm2: createPm2({ root, home: layout.pm2Home, dataDir, bareEnvironment }), write };
}
