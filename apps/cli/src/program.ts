import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { type CliContext, createCliContext } from './cli-context.js';
import { readConfig } from './config.js';
import { dbCheck, dbDeploy, dbNew } from './db-commands.js';
import { doctor } from './doctor.js';
import { down } from './down.js';
import { explainFailure } from './explain-failure.js';
import { runInTerminal } from './run-in-terminal.js';
import { showStatus } from './status-command.js';
import { EXIT } from './verbs/exit.js';
import { registerVerbs } from './verbs/register.js';
import type { VerbHost } from './verbs/verb.js';

type Action = (context: CliContext, ...given: readonly string[]) => Promise<boolean | number | void>;

/** Runs an action and ends the process with what it says: `false` is 1, a number is itself. */
async function finish(action: Action, given: readonly string[] = []): Promise<void> {
  const context = createCliContext(readConfig(), (text) => process.stdout.write(text));
  try {
    const result = await action(context, ...given);
    process.exitCode = typeof result === 'number' ? result : result === false ? 1 : 0;
  } catch (error) {
    await explainFailure(error, context, (text) => process.stderr.write(text));
    process.exitCode = 1;
  }
}

/** Hands the terminal over to another entry point of this repository. */
function entry(file: string): Action {
  return ({ config }, ...args) => {
    const program = path.join(config.root, file);
    return runInTerminal({
      args: ['--enable-source-maps', program, ...args],
      cwd: config.root,
      env: config.fullEnvironment,
    });
  };
}

function simple(program: Command, name: string, description: string, action: Action): void {
  program
    .command(name)
    .description(description)
    .action(() => finish(action));
}

/** A command whose arguments are not ours to understand. */
function passing(program: Command, name: string, description: string, action: Action): void {
  const command = program.command(name).description(description);
  command.argument('[args...]').allowUnknownOption().helpOption(false).passThroughOptions();
  command.action((args: string[]) => finish(action, args));
}

/**
 * The commands of `turnpike`. Most are loaded only when they are wanted: together they load most of the product, which takes a
 * while. Throws CommanderError on wrong usage.
 */
function buildProgram(host: VerbHost): Command {
  const program = new Command('turnpike').enablePositionalOptions().exitOverride();
  program.configureOutput({ writeOut: host.terminal.write, writeErr: host.terminal.error });
  simple(program, 'up', 'start everything, or bring it up to date', async (context) =>
    (await import('./up.js')).up(context),
  );
  simple(program, 'down', 'stop everything', down);
  const status = program.command('status').description('what runs, where, since when, healthy or why not');
  status.option('--json', 'for scripts', false);
  status.action((options: { json: boolean }) => finish((context) => showStatus(context, options)));
  simple(program, 'doctor', 'check the machine and say how to mend each finding', doctor);
  simple(program, 'demo', 'show the main job on the running system', async (context) =>
    (await import('./demo-command.js')).demo(context),
  );
  passing(program, 'simulator', 'simulated RouterOS devices', entry('apps/simulator/dist/main.js'));
  passing(program, 'loadtest', 'run one load scenario', entry('loadtest/dist/main.js'));
  passing(program, 'chaos', 'break one thing under load and check the ledger', entry('loadtest/dist/chaos/main.js'));
  passing(program, 'fuzz', 'hostile packets against the RADIUS codec', entry('loadtest/dist/fuzz/main.js'));
  passing(program, 'loadtest-prepare', 'load customers for a load test', async (context, ...args) =>
    (await import('./prepare-loadtest.js')).prepareLoadtest(context, args),
  );
  passing(program, 'test', 'the test suite on stores of its own; arguments go to jest', async (context, ...args) =>
    (await import('./test-command.js')).runTests(context, args),
  );
  const faults = program.command('faults').description('every fault we must stand, its tests and their last results');
  faults.option('--run', 'run the tests first', false).option('--tests', 'name every test', false);
  faults.action((options: { run: boolean; tests: boolean }) =>
    finish(async (context) => (await import('./faults/faults-command.js')).showFaults(context, options)),
  );
  simple(program, 'check', 'types, lint, arrows, dead code, format, licences, migrations', async (context) =>
    (await import('./check.js')).check(context),
  );
  simple(program, 'db-deploy', 'apply the migrations', dbDeploy);
  program
    .command('db-new')
    .description('write a migration for what changed in schema.prisma')
    .argument('<name>')
    .action((name: string) => finish((context) => dbNew(context, name)));
  simple(program, 'db-check', 'whether the migrations lead to schema.prisma', dbCheck);
  registerVerbs(program, host);
  return program;
}

/** Runs one command line to its end; what it comes to is told to the host as an exit code. */
export async function runProgram(host: VerbHost, argv: readonly string[]): Promise<void> {
  try {
    await buildProgram(host).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    host.setExit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  }
}
