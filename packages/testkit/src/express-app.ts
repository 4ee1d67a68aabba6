import { once } from 'node:events';
import { createServer } from 'node:http';
import express, { type Express } from 'express';

/** An empty web application that is served already, on a port of its own. */
export interface ExpressApp {
  readonly app: Express;
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openExpressApp(): Promise<ExpressApp> {
  const app = express();
  app.set('query parser', 'simple');
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
