import { createWriteStream } from 'node:fs';

export interface Recorder {
  write(router: string, words: readonly string[]): void;
  close(): Promise<void>;
}

/** Appends `{"router","words"}` lines to a file; a file that cannot be written is reported once and then ignored. */
export function openRecorder(file: string, onError: (error: Error) => void): Recorder {
  const stream = createWriteStream(file, { flags: 'a' });
  stream.on('error', onError);
  return {
    write: (router, words) => {
      if (stream.writable) stream.write(`${JSON.stringify({ router, words })}\n`);
    },
    close: () =>
      new Promise((resolve) => (stream.destroyed || stream.writableEnded ? resolve() : stream.end(() => resolve()))),
  };
}
