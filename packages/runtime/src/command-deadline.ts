import type { Redis } from 'ioredis';

type RedisCommand = Parameters<Redis['sendCommand']>[0];

interface Batch {
  readonly openedMs: number;
  readonly commands: RedisCommand[];
}

/** Commands of so many parts of the limit share a timer. */
const PARTS = 10;

/**
 * Rejects commands that get no answer within `limitMs`, some a tenth earlier, with the words of ioredis. Unlike its own
 * timers, which after a pause of this process (a full event loop, a stopped machine) go off before the answers that came
 * meanwhile are read, these wait until the sockets were read once more: a pause of ours is not a fault of the store.
 */
export function limitCommands(redis: Redis, limitMs: number): void {
  const send = redis.sendCommand.bind(redis);
  let batch: Batch | undefined;

  redis.sendCommand = (command, stream) => {
    const nowMs = performance.now();
    if (batch === undefined || nowMs - batch.openedMs > limitMs / PARTS) {
      const opened: Batch = { openedMs: nowMs, commands: [] };
      batch = opened;
      // Timers run before the sockets are read, immediates after it.
      setTimeout(() => setImmediate(() => giveUp(opened.commands)), limitMs).unref();
    }
    batch.commands.push(command);
    return send(command, stream);
  };
}

function giveUp(commands: readonly RedisCommand[]): void {
  for (const command of commands) if (!command.isSettled) command.reject(new Error('Command timed out'));
}
