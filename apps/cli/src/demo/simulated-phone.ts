import { z } from 'zod';

const phoneView = z.object({ mac: z.string(), online: z.boolean(), replyMessage: z.string().nullable() });
export type PhoneView = z.infer<typeof phoneView>;

/** One phone behind a simulated router, through the simulator's control endpoint. */
export interface SimulatedPhone {
  readonly mac: string;
  /** `replyMessage` is what the router's login page would show. */
  login(username: string, password: string): Promise<PhoneView>;
  isOnline(): Promise<boolean>;
}

/** A new phone in the range of the router's hotspot. */
export async function joinPhone(controlUrl: string, routerName: string): Promise<SimulatedPhone> {
  const phones = `${controlUrl}/routers/${encodeURIComponent(routerName)}/phones`;
  const { mac } = await send('POST', phones, phoneView, {});
  const phone = `${phones}/${encodeURIComponent(mac)}`;
  return {
    mac,
    login: (username, password) => send('POST', `${phone}/login`, phoneView, { username, password }),
    isOnline: async () => (await send('GET', phone, phoneView)).online,
  };
}

async function send<Shape extends z.ZodType>(
  method: string,
  url: string,
  shape: Shape,
  body?: unknown,
): Promise<z.output<Shape>> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the simulator answered ${response.status} to ${method} ${url}: ${text}`);
  return shape.parse(JSON.parse(text));
}
