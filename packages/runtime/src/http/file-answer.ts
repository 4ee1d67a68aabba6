import { once } from 'node:events';
import type { Response } from 'express';

/** An answer that is saved rather than read. */
export interface FileAnswer {
  /** With its charset where it is text. */
  readonly contentType: string;
  /** Letters, digits, dots, dashes and underscores. */
  readonly fileName: string;
  /** Taken as fast as the caller does. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Sends a file with its name (RFC 6266). When making it fails halfway this rejects, which breaks the connection, so that
 * nobody takes half a file for a whole one. `signal` aborts when the caller goes away or takes too long, and ends the making.
 */
export async function sendFile(
  response: Response,
  status: number,
  { contentType, fileName, content }: FileAnswer,
  signal: AbortSignal,
): Promise<void> {
  if (response.destroyed) return;
  response.status(status);
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Disposition', `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, '_')}"`);
  try {
    for await (const chunk of content) {
      signal.throwIfAborted();
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
    response.end();
  } catch (error) {
    // Nobody is there to hear of it.
    if (!response.destroyed) throw error;
  }
}
