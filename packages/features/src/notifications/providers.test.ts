import { Secret } from '@turnpike/core/secret.js';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { createAfricasTalkingProvider } from './africastalking-provider.js';
import { createLogProvider, maskRecipient } from './log-provider.js';
import type { NotificationProvider, OutgoingMessage } from './provider.js';
import { createProviders } from './providers.js';
import { createSmtpProvider } from './smtp-provider.js';

const id = '0190b5c1-0000-7000-8000-000000000001';
const sms: OutgoingMessage = {
  id,
  channel: 'sms',
  template: 'expiring',
  recipient: '254712345678',
  subject: 'Your access ends soon',
  text: 'Day ends 23/11/2026 18:04. Buy again & stay online.',
};
const mail: OutgoingMessage = { ...sms, channel: 'email', recipient: 'amina@example.net' };
const patience = () => AbortSignal.timeout(5_000);

/** A provider that gives up when its peer says nothing, whoever it is. */
const CONFORMANCE = "a peer that is not there is 'later', with a reason";

describe("Africa's Talking", () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let requests: { url: string; headers: IncomingMessage['headers']; form: Record<string, string> }[];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
        requests.push({ url: request.url ?? '', headers: request.headers, form });
        response.writeHead(answer.status, answer.status === 302 ? { location: 'http://127.0.0.1:9/' } : {});
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const provider = (): NotificationProvider =>
    createAfricasTalkingProvider({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      username: 'isp',
      apiKey: new Secret('canary-key'),
      sender: 'TURNPIKE',
    });
  const recipients = (statusCode: number, status: string) => ({
    SMSMessageData: {
      Message: 'Sent to 1/1 Total Cost: KES 0.8000',
      Recipients: [{ statusCode, status, number: '+254712345678', cost: 'KES 0.8000', messageId: 'ATXid_1' }],
    },
  });

  test('gets a form with the key in its header, and the message is sent', async () => {
    answer = { status: 201, body: recipients(101, 'Success') };
    expect(await provider().send(sms, patience())).toEqual({ kind: 'sent', messageId: 'ATXid_1' });
    expect(requests).toMatchObject([
      {
        url: '/version1/messaging',
        headers: { apikey: 'canary-key', 'content-type': expect.stringContaining('x-www-form-urlencoded') },
        form: { username: 'isp', to: '+254712345678', message: sms.text, from: 'TURNPIKE' },
      },
    ]);
  });

  test.each([
    [100, 'Processed', 'sent'],
    [102, 'Queued', 'sent'],
    [402, 'InvalidSenderId', 'refused'],
    [403, 'InvalidPhoneNumber', 'refused'],
    [405, 'InsufficientBalance', 'later'],
    [406, 'UserInBlacklist', 'refused'],
    [409, 'DoNotDisturbRejection', 'refused'],
    [500, 'InternalServerError', 'later'],
    [501, 'GatewayError', 'later'],
    [502, 'RejectedByGateway', 'refused'],
  ])('a recipient with the code %d %s is %s', async (code, status, kind) => {
    answer = { status: 201, body: recipients(code, status) };
    const delivery = await provider().send(sms, patience());
    expect(delivery.kind).toBe(kind);
    if (delivery.kind !== 'sent') expect(delivery.reason).toBe(`${code} ${status}`);
  });

  test.each([
    [400, "Request is missing required form field 'to'", 'refused'],
    [401, 'The supplied authentication is invalid', 'later'],
    [429, 'slow down', 'later'],
    [500, 'oops', 'later'],
    [503, '', 'later'],
  ])('HTTP %d is %s', async (status, body, kind) => {
    answer = { status, body };
    expect(await provider().send(sms, patience())).toEqual({ kind, reason: `HTTP ${status}: ${body}` });
  });

  test('no recipients in the answer is a refusal in the words of the provider', async () => {
    answer = { status: 201, body: { SMSMessageData: { Message: 'InvalidSenderId', Recipients: [] } } };
    expect(await provider().send(sms, patience())).toEqual({ kind: 'refused', reason: 'InvalidSenderId' });
  });

  test('an answer that is no JSON is not taken for a success', async () => {
    answer = { status: 200, body: '<html>Sign in to the network</html>' };
    expect(await provider().send(sms, patience())).toMatchObject({ kind: 'later' });
  });

  test('S8: a redirect is not followed, so that the key stays here', async () => {
    answer = { status: 302, body: '' };
    expect(await provider().send(sms, patience())).toMatchObject({ kind: 'later' });
    expect(requests).toHaveLength(1);
  });

  test(CONFORMANCE, async () => {
    const gone = provider();
    await new Promise((resolve) => server.close(resolve));
    expect(await gone.send(sms, patience())).toMatchObject({
      kind: 'later',
      reason: expect.stringContaining('no answer'),
    });
    expect(await gone.send(sms, AbortSignal.abort())).toMatchObject({ kind: 'later' });
  });
});

describe('SMTP', () => {
  let server: TcpServer;
  let said: string[];
  /** Answers by the first word of what the client says. */
  let replies: Record<string, string>;
  let open: NotificationProvider | undefined;

  beforeEach(async () => {
    said = [];
    replies = {};
    open = undefined;
    server = createTcpServer((socket) => {
      let inData = false;
      socket.write('220 mail.test ESMTP\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk
          .toString()
          .split('\r\n')
          .filter((each) => each !== '')) {
          said.push(line);
          const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
          if (inData && line !== '.') continue;
          if (line === '.') inData = false;
          else if (verb === 'DATA') inData = true;
          socket.write(`${replies[line === '.' ? 'END' : verb] ?? standard(verb, line)}\r\n`);
          if (verb === 'QUIT') socket.end();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    open?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const standard = (verb: string, line: string): string => {
    if (verb === 'EHLO') return '250-mail.test\r\n250 AUTH PLAIN';
    if (verb === 'AUTH') return '235 2.7.0 welcome';
    if (verb === 'DATA' && line !== '.') return '354 go on';
    return verb === 'QUIT' ? '221 bye' : '250 2.0.0 ok';
  };

  const provider = (): NotificationProvider => {
    const { port } = server.address() as AddressInfo;
    open = createSmtpProvider({
      url: new Secret(`smtp://isp:secret@127.0.0.1:${port}`),
      from: 'Turnpike <noreply@example.net>',
    });
    return open;
  };

  test('gets a plain text message with an id that a repeat has too', async () => {
    const messageId = `<${id}@example.net>`;
    expect(await provider().send(mail, patience())).toEqual({ kind: 'sent', messageId });
    const all = said.join('\n');
    expect(all).toContain('MAIL FROM:<noreply@example.net>');
    expect(all).toContain('RCPT TO:<amina@example.net>');
    expect(all).toContain('Subject: Your access ends soon');
    expect(all).toContain(`Message-ID: ${messageId}`);
    expect(all).toContain('Buy again & stay online.');
  });

  test('gets files with the message, under their names', async () => {
    const file = { fileName: 'sales.csv', contentType: 'text/csv; charset=utf-8', content: Buffer.from('day,net\r\n') };
    await provider().send({ ...mail, attachments: [file] }, patience());
    const all = said.join('\n');
    expect(all).toContain('Content-Type: multipart/mixed');
    expect(all).toContain('Content-Disposition: attachment; filename=sales.csv');
    expect(all).toContain(file.content.toString('base64'));
    expect(all).toContain('Buy again & stay online.');
  });

  test.each([
    ['a mailbox that is not there is refused for good', { RCPT: '550 5.1.1 no such user' }, 'refused', '550 5.1.1'],
    ['content that is not wanted is refused for good', { END: '554 5.7.1 spam' }, 'refused', '554 5.7.1'],
    ['greylisting is tried again', { RCPT: '450 4.2.0 greylisted' }, 'later', '450 4.2.0'],
    ['a wrong password is ours to mend', { AUTH: '535 5.7.8 bad credentials' }, 'later', '535'],
  ])('%s', async (_what, change, kind, words) => {
    replies = change;
    expect(await provider().send(mail, patience())).toEqual({ kind, reason: expect.stringContaining(words) });
  });

  test(CONFORMANCE, async () => {
    const gone = provider();
    await new Promise((resolve) => server.close(resolve));
    expect(await gone.send(mail, patience())).toMatchObject({ kind: 'later' });
    expect(await gone.send(mail, AbortSignal.abort())).toMatchObject({ kind: 'later' });
  });
});

describe('the log', () => {
  const lines: unknown[] = [];
  const logger = { info: (...args: unknown[]) => void lines.push(args) };

  test('S8, S9: tells that a message would go, with the recipient masked and no credentials', async () => {
    const log = createLogProvider(logger);
    expect(await log.send(sms, patience())).toEqual({ kind: 'sent', messageId: 'log' });
    await log.send({ ...sms, template: 'credentials', text: 'username u password canary' }, patience());
    const text = JSON.stringify(lines);
    expect(text).toContain('Buy again');
    expect(text).toContain('2547••••5678');
    expect(text).not.toContain('254712345678');
    expect(text).not.toContain('canary');
    const file = { fileName: 'sales.csv', contentType: 'text/csv', content: Buffer.from('canary') };
    await log.send({ ...mail, template: 'report', text: 'Net: canary', attachments: [file] }, patience());
    expect(JSON.stringify(lines)).toContain('sales.csv (6 bytes)');
    expect(JSON.stringify(lines)).not.toContain('canary');
    expect(maskRecipient('amina@example.net')).toBe('a••••@example.net');
  });

  test('stands in for providers that are not configured', () => {
    const none = { SMS_URL: 'http://127.0.0.1:9', SMS_USERNAME: 'x', MAIL_FROM: 'x@localhost' };
    const names = (settings: Parameters<typeof createProviders>[0]) => {
      const { sms: forSms, email } = createProviders(settings, logger);
      email.close();
      return [forSms.name, email.name];
    };
    expect(names(none)).toEqual(['log', 'log']);
    expect(names({ ...none, SMS_API_KEY: new Secret('k') })).toEqual(['africastalking', 'log']);
    expect(names({ ...none, SMTP_URL: new Secret('smtp://127.0.0.1:9') })).toEqual(['log', 'smtp']);
  });
});
