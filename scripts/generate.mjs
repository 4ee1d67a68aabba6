// Writes the Prisma client. /bin/false stands for the schema engine, which `generate` does not use: Prisma would download it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const prisma = path.join(root, 'node_modules/prisma/build/index.js');
const { status } = spawnSync(
  process.execPath,
  [prisma, 'generate', '--schema', path.join(root, 'prisma/schema.prisma')],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/false',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      // The generated client does not depend on it, but a config file in the way may ask for it.
      DATABASE_URL: process.env.DATABASE_URL ?? 'postgresql://localhost/none',
    },
  },
);
process.exit(status ?? 1);
