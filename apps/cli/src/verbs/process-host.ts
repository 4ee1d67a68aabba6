import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { CliConfig } from '../config.js';
import { layoutOf } from '../layout.js';
import { credentialsFile } from './credentials.js';
import type { VerbHost } from './verb.js';

/** Narrower than any terminal would make tables unreadable; what is no terminal has the width everybody has. */
const USUAL_COLUMNS = 80;

/** Verbs in the terminal of this process. */
export function processHost({ dataDir, configHome, noColour }: CliConfig): VerbHost {
  const { stdout, stderr } = process;
  return {
    terminal: {
      write: (line) => stdout.write(line),
      error: (line) => stderr.write(line),
      isTty: stdout.isTTY,
      hasColours: stdout.isTTY && !noColour,
      columns: stdout.isTTY ? Math.max(USUAL_COLUMNS, stdout.columns) : USUAL_COLUMNS,
    },
    instanceFile: layoutOf(dataDir).instance,
    credentialsFile: credentialsFile(configHome),
    onInterrupt: (listener) => {
      let isInterrupted = false;
      const onSignal = (): void => {
        isInterrupted = true;
        listener();
      };
      process.on('SIGINT', onSignal);
      // One Ctrl-C comes twice, from the terminal and from who started us: the second one must not cut the last words off.
      return () => {
        if (!isInterrupted) process.off('SIGINT', onSignal);
      };
    },
    readStdin: () => text(process.stdin),
    ask,
    setExit: (code) => {
      process.exitCode = code;
    },
    now: () => new Date(),
  };
}

async function ask(question: string, { secret }: { secret: boolean }): Promise<string> {
  let isMuted = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isMuted) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = lines.question(question);
    isMuted = secret;
    return (await answer).trim();
  } finally {
    lines.close();
    if (secret) process.stderr.write('\n');
  }
}
