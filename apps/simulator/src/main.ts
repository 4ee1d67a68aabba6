import { CommanderError } from 'commander';
import { messageOf } from '@turnpike/core/app-error.js';
import { parseFlags } from './cli-flags.js';
import { readConfig } from './config.js';
import { startSimulator } from './simulator.js';

const complain = (error: unknown): void => {
  process.stderr.write(`${messageOf(error)}\n`);
};

async function main(): Promise<void> {
  // Whoever started us may have read the ready line and gone: the fleet stays.
  process.stdout.on('error', () => undefined);
  const simulator = await startSimulator(readConfig(parseFlags(process.argv.slice(2))), complain);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void simulator
      .stop()
      .catch(complain)
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`${JSON.stringify(simulator.ready)}\n`);
  process.send?.('ready');
}

main().catch((error: unknown) => {
  const helped = error instanceof CommanderError;
  if (!helped) complain(error);
  process.exit(helped ? error.exitCode : 1);
});
