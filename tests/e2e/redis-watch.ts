import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** Every command that names one of our keys, as the Redis server sees it. */
export interface RedisWatch {
  readonly count: number;
  /** Those texts of `needles` that were part of a command; ones without quotes and backslashes, which Redis writes anew. */
  found(needles: readonly string[]): string[];
  close(): void;
}

/**
 * Has the server at `url` tell what it does. Not by the library's `monitor`: that takes the first command it is told of for an
 * answer when a busy server sends it together with its OK.
 */
export async function watchRedis(url: string, keyPrefix: string): Promise<RedisWatch> {
  const { hostname, port, password } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  // A server that goes away is noticed by everybody else.
  socket.on('error', () => undefined);
  const lines = createInterface({ input: socket });
  const tell = async (command: string): Promise<void> => {
    const answered = once(lines, 'line');
    socket.write(`${command}\r\n`);
    const [answer] = await answered;
    if (answer !== '+OK') throw new Error(`Redis at ${hostname}:${port} does not let itself be watched: ${answer}`);
  };
  const seen: string[] = [];
  if (password !== '') await tell(`AUTH ${decodeURIComponent(password)}`);
  lines.on('line', (line) => {
    if (line.includes(keyPrefix)) seen.push(line);
  });
  await tell('MONITOR');
  return {
    get count() {
      return seen.length;
    },
    found: (needles) => needles.filter((needle) => seen.some((command) => command.includes(needle))),
    close: () => {
      lines.close();
      socket.destroy();
    },
  };
}
