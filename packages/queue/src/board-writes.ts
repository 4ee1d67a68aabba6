/** The writes of the board that are let through: a failed job is tried again, or all of them. */
const RETRIES = /^\/api\/queues\/([^/]+)\/(?:retry\/failed|([^/]+)\/retry)$/;

/** What a write of the board asks for; undefined: something that the board is not for. `jobId`: left out for all failed ones. */
export function retryOnBoard(method: string, path: string): { queue: string; jobId: string | undefined } | undefined {
  const found = method === 'PUT' ? RETRIES.exec(path) : null;
  const [, queue, jobId] = found ?? [];
  return queue === undefined ? undefined : { queue, jobId };
}
