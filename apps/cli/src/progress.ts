import pc from 'picocolors';

export interface Progress {
  /** Runs one step; what it returns is shown behind its title. */
  step<Result>(title: string, work: (note: (line: string) => void) => Promise<StepResult<Result>>): Promise<Result>;
}

export interface StepResult<Result> {
  readonly detail: string;
  readonly value: Result;
}

const REMIND_EVERY_MS = 10_000;

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Numbered lines with times, one when a step is done; a step that takes long says so in between. */
export function createProgress(total: number, write: (text: string) => void): Progress {
  let number = 0;
  return {
    async step(title, work) {
      number += 1;
      const label = `${String(number).padStart(2)}/${total}  ${title.padEnd(12)}`;
      const started = performance.now();
      const reminder = setInterval(() => write(`${label}  ... ${seconds(started)}\n`), REMIND_EVERY_MS);
      try {
        const { detail, value } = await work((line) => write(`       ${pc.yellow(line)}\n`));
        write(`${label}  ${detail}  ${pc.dim(seconds(started))}\n`);
        return value;
      } catch (error) {
        write(`${label}  ${pc.red('failed')}  ${pc.dim(seconds(started))}\n`);
        throw error;
      } finally {
        clearInterval(reminder);
      }
    },
  };
}
