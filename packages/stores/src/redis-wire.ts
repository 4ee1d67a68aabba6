import { connect } from 'node:net';

function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}

export interface RedisExchange {
  readonly port: number;
  readonly password: string;
  readonly command: readonly string[];
  readonly timeoutMs?: number;
}

/**
 * A reply from its lines (RESP): a status, number or error with its type byte, or the strings of a flat array. Nothing
 * while it is not whole. Good for what is asked here, not for values with line ends in them.
 */
function completeReply(lines: readonly string[]): readonly string[] | undefined {
  const [head, ...rest] = lines;
  if (head === undefined) return undefined;
  if (!head.startsWith('*')) return [head];
  const length = Number(head.slice(1)) * 2;
  return rest.length < length ? undefined : rest.slice(0, length).filter((_, index) => index % 2 === 1);
}

/**
 * Logs in to a Redis on 127.0.0.1, sends one command and gives its reply, or
 * nothing when the server closed the connection without one, as it does on SHUTDOWN. Rejects when it cannot be reached.
 */
export function askRedis({ port, password, command, timeoutMs = 2_000 }: RedisExchange): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = '';
    const settle = (finish: () => void) => {
      socket.destroy();
      finish();
    };
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => settle(() => reject(new Error(`Redis on port ${port} did not answer`))));
    socket.once('connect', () => socket.write(encode(['AUTH', password]) + encode(command)));
    socket.on('data', (text: string) => {
      received += text;
      const [login, ...lines] = received.split('\r\n').slice(0, -1);
      const reply = completeReply(lines);
      if (login?.startsWith('-') === true) settle(() => reject(new Error(login.slice(1))));
      else if (reply !== undefined) settle(() => resolve(reply));
    });
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('close', () => resolve([]));
  });
}
