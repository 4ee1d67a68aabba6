import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface SeenPush {
  readonly checkoutRequestId: string;
  readonly amount: number;
  readonly msisdn: string;
  readonly callbackUrl: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const push = z.looseObject({ Amount: z.number(), PhoneNumber: z.string(), CallBackURL: z.string() });
const query = z.looseObject({ CheckoutRequestID: z.string() });

/** A scripted M-Pesa API over HTTP. What it answers is set by the test; undefined hangs up without a word. */
export interface TestDaraja {
  readonly url: string;
  readonly pushes: SeenPush[];
  /** Requests by path. */
  readonly asked: Map<string, number>;
  onPush: (push: SeenPush) => Answer | undefined;
  onQuery: (checkoutRequestId: string) => Answer | undefined;
  onToken: () => Answer | undefined;
  /** The token that is accepted now. */
  token: string;
  close(): Promise<void>;
}

export const processing: Answer = {
  status: 500,
  body: { requestId: 'x', errorCode: '500.001.1001', errorMessage: 'The transaction is being processed' },
};

export function queryAnswer(code: string, description = 'scripted'): Answer {
  return { status: 200, body: { ResponseCode: '0', ResultCode: code, ResultDesc: description } };
}

export function accepted({ checkoutRequestId }: SeenPush): Answer {
  return {
    status: 200,
    body: { MerchantRequestID: 'm', CheckoutRequestID: checkoutRequestId, ResponseCode: '0', CustomerMessage: 'ok' },
  };
}

export async function openTestDaraja(): Promise<TestDaraja> {
  let made = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = answerTo(request, body);
      if (answer === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function answerTo(request: IncomingMessage, body: unknown): Answer | undefined {
    const path = (request.url ?? '').split('?')[0] ?? '';
    daraja.asked.set(path, (daraja.asked.get(path) ?? 0) + 1);
    if (path === '/oauth/v1/generate') return daraja.onToken();
    if (request.headers.authorization !== `Bearer ${daraja.token}`) {
      return { status: 404, body: { errorCode: '404.001.03', errorMessage: 'Invalid Access Token' } };
    }
    if (path === '/mpesa/stkpushquery/v1/query') return daraja.onQuery(query.parse(body).CheckoutRequestID);
    if (path === '/mpesa/c2b/v2/registerurl') return { status: 200, body: { ResponseCode: '0' } };
    const said = push.parse(body);
    made += 1;
    const seen = {
      checkoutRequestId: `ws_CO_${made}`,
      amount: said.Amount,
      msisdn: said.PhoneNumber,
      callbackUrl: said.CallBackURL,
      body: said,
    };
    daraja.pushes.push(seen);
    return daraja.onPush(seen);
  }

  const daraja: TestDaraja = {
    url: `http://127.0.0.1:${port}`,
    pushes: [],
    asked: new Map(),
    token: 'token-1',
    onPush: accepted,
    onQuery: () => processing,
    onToken: () => ({ status: 200, body: { access_token: daraja.token, expires_in: '3599' } }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return daraja;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return value;
}

export interface Told {
  readonly id: string;
  readonly code?: number;
  readonly amount?: number | string;
  readonly receipt?: string;
  readonly phone?: number | string;
}

/** The body of a result as M-Pesa sends it; failures have no metadata. */
export function stkResult({
  id,
  code = 0,
  amount = 10,
  receipt = 'SGR0000001',
  phone = 254_712_345_678,
}: Told): string {
  const metadata = {
    Item: [
      { Name: 'Amount', Value: amount },
      { Name: 'MpesaReceiptNumber', Value: receipt },
      { Name: 'Balance' },
      { Name: 'TransactionDate', Value: 20_260_301_150_000 },
      { Name: 'PhoneNumber', Value: phone },
    ],
  };
  const result = {
    MerchantRequestID: 'm',
    CheckoutRequestID: id,
    ResultCode: code,
    ResultDesc: code === 0 ? 'The service request is processed successfully.' : `scripted ${code}`,
    ...(code === 0 ? { CallbackMetadata: metadata } : {}),
  };
  return JSON.stringify({ Body: { stkCallback: result } });
}
