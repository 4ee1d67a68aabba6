import { setMaxListeners } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createEventParser, type StreamMessage } from './event-parser.js';

export interface StreamOptions {
  readonly url: string;
  readonly cookie: string;
  readonly onMessage: (message: StreamMessage) => void;
  /** Opened, for the first time or again. */
  readonly onOpen: () => void;
  /** Ended, or could not be opened. */
  readonly onLost: () => void;
  readonly signal: AbortSignal;
}

/** As the service tells browsers by `retry`. */
const RETRY_MS = 2_000;

/** What a browser's EventSource does: connects again after a while for as long as it lives, and names the last id it has seen. */
export async function keepStream(options: StreamOptions): Promise<void> {
  const { onMessage, onOpen, onLost, signal } = options;
  let lastId = '';
  // Each attempt to connect listens to it.
  setMaxListeners(0, signal);
  while (!signal.aborted) {
    try {
      const response = await open(options, lastId);
      onOpen();
      const parse = createEventParser((message) => {
        if (message.id !== undefined) lastId = message.id;
        onMessage(message);
      });
      response.setEncoding('utf8');
      for await (const chunk of response) parse(String(chunk));
    } catch {
      // Refused or cut: both end in the same pause.
    }
    if (signal.aborted) return;
    onLost();
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function open({ url, cookie, signal }: StreamOptions, lastId: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/event-stream', cookie, ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
    const sent = request(url, { agent: false, headers, signal }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(new Error(`the stream was answered ${response.statusCode}`));
    });
    sent.once('error', reject);
    sent.end();
  });
}
