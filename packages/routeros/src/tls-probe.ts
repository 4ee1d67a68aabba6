import { connect } from 'node:tls';
import { giveUpWhen } from './give-up.js';
import { RosError } from './ros-error.js';
import { peerFingerprint256, pinnedTlsOptions } from './tls-pin.js';

const PROBE_TIMEOUT_MS = 10_000;

/**
 * SHA-256 (`AB:CD:..`) of the certificate an API-SSL port offers, for a person to confirm before it is pinned. Sends
 * nothing after the handshake. Rejects with RosError `connect`, `tls`, `timeout` or `aborted`.
 */
export async function probeTlsFingerprint(options: {
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}): Promise<string> {
  const { host, port, signal, timeoutMs = PROBE_TIMEOUT_MS } = options;
  if (signal?.aborted === true) throw new RosError('aborted', 'aborted before dialling', { cause: signal.reason });
  const socket = connect({ ...pinnedTlsOptions, host, port });
  let disarm = (): void => undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      disarm = giveUpWhen({ what: 'the TLS handshake', timeoutMs, signal }, reject);
      socket.once('secureConnect', () => {
        const fingerprint = peerFingerprint256(socket);
        if (fingerprint === undefined) reject(new RosError('tls', 'the router has no certificate'));
        else resolve(fingerprint);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => reject(probeError(error, socket.connecting)));
      socket.once('close', () => reject(new RosError('tls', 'the router closed the connection')));
    });
  } finally {
    disarm();
    socket.destroy();
  }
}

function probeError(error: NodeJS.ErrnoException, dialling: boolean): RosError {
  const dialError = dialling || error instanceof AggregateError || error.syscall === 'connect';
  const text = error.message || error.code || error.name;
  return new RosError(dialError ? 'connect' : 'tls', text, { code: error.code, cause: error });
}
