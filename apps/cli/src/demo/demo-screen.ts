import picocolors from 'picocolors';

/** Prints steps as they happen: a live line on a terminal, one line per change elsewhere. */
export interface DemoScreen {
  title(text: string): void;
  /** Runs one step; `tell` shows what it is doing. Gives the work's result, or prints why it failed and throws. */
  step<Result>(text: string, work: (tell: (detail: string) => void) => Promise<Result>): Promise<Result>;
  /** What is worth knowing about the step above. */
  note(text: string): void;
}

export function createDemoScreen(out: NodeJS.WriteStream): DemoScreen {
  const colours = picocolors.createColors(out.isTTY && process.stdout.hasColors?.());
  const live = out.isTTY;
  let number = 0;

  return {
    title: (text) => out.write(`\n${colours.bold(text)}\n\n`),
    note: (text) => out.write(`       ${colours.dim(text)}\n`),
    step: async (text, work) => {
      number += 1;
      const label = `${String(number).padStart(2)}. ${text}`;
      const startedMs = performance.now();
      const seconds = (): string => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
      let last = '';
      const tell = (detail: string): void => {
        if (detail === last) return;
        last = detail;
        out.write(live ? `\r\x1b[2K   ${label} ${colours.dim(detail)}` : `   ${label}: ${detail}\n`);
      };
      if (live) tell('...');
      try {
        const result = await work(tell);
        out.write(`${live ? '\r\x1b[2K' : ''} ${colours.green('✓')} ${label} ${colours.dim(`(${seconds()})`)}\n`);
        return result;
      } catch (error) {
        out.write(`${live ? '\r\x1b[2K' : ''} ${colours.red('✗')} ${label} ${colours.dim(`(${seconds()})`)}\n`);
        throw error;
      }
    },
  };
}
