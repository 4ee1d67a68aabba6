import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { routerFile } from '../../packages/features/src/portal/router-pages.js';
import { routerPassword } from '../../packages/features/src/portal/router-octets.js';

export interface HotspotServlet {
  /** Where a phone that joins ends up. */
  readonly loginUrl: string;
  /** Who may log in, by name. */
  readonly users: Map<string, string>;
  /** Who is online. */
  readonly online: string[];
  /** Whether logins need the answer to the challenge. */
  chap: boolean;
  close(): Promise<void>;
}

const MAC = '02:00:00:00:00:01';

/** The web server of a RouterOS hotspot as far as a phone sees it: it shows the pages we made, and takes logins. */
export async function startHotspotServlet(portalUrl: string, nas: string): Promise<HotspotServlet> {
  const users = new Map<string, string>();
  const online: string[] = [];
  let challenge = { id: Buffer.alloc(1), challenge: Buffer.alloc(16) };
  const servlet = createServer((request, response) => {
    void take().catch(() => response.destroy());

    async function take(): Promise<void> {
      const url = new URL(request.url ?? '/', 'http://router');
      if (url.pathname !== '/login') return void response.writeHead(404).end();
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const sent = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
      const username = sent.get('username');
      if (username === null) return show(response, '');
      const password = users.get(username);
      const expected = password === undefined ? undefined : routerPassword(password, self.chap ? challenge : undefined);
      if (expected === undefined || sent.get('password') !== expected) return show(response, 'invalid password');
      online.push(username);
      response.writeHead(302, { location: sent.get('dst') ?? '/status' }).end();
    }
  });

  function show(response: ServerResponse, error: string): void {
    challenge = { id: randomBytes(1), challenge: randomBytes(16) };
    const variables: Record<string, string> = {
      mac: MAC,
      ip: '10.5.50.7',
      'link-login-only': self.loginUrl,
      'link-orig': 'http://example.com/',
      'chap-id': self.chap ? octal(challenge.id) : '',
      'chap-challenge': self.chap ? octal(challenge.challenge) : '',
      error,
    };
    const page = routerFile('login.html', { portalUrl, nas, name: 'Mama Njeri WiFi', color: '#0b6b57' }) ?? '';
    response.writeHead(200, { 'content-type': 'text/html' }).end(filledIn(page, variables));
  }

  servlet.listen(0, '127.0.0.1');
  await once(servlet, 'listening');
  const self: HotspotServlet = {
    loginUrl: `http://127.0.0.1:${portOf(servlet)}/login`,
    users,
    online,
    chap: true,
    close: async () => {
      servlet.closeAllConnections();
      servlet.close();
      await once(servlet, 'close');
    },
  };
  return self;
}

/** `$(if x) .. $(endif)` and `$(x)`. */
function filledIn(page: string, variables: Readonly<Record<string, string>>): string {
  return page
    .replace(/\$\(if ([\w-]+)\)([^]*?)\$\(endif\)/g, (_all, name: string, inside: string) =>
      (variables[name] ?? '') === '' ? '' : inside,
    )
    .replace(/\$\(([\w-]+)\)/g, (_all, name: string) => variables[name] ?? '');
}

function octal(octets: Buffer): string {
  return [...octets].map((octet) => `\\${octet.toString(8).padStart(3, '0')}`).join('');
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
