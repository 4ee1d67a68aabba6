import { type Sms, startSms } from './sms.js';

let sms: Sms;

beforeEach(async () => {
  sms = await startSms({ port: 0, username: 'sandbox', apiKey: 'key' });
});

afterEach(() => sms.stop());

async function send(form: Record<string, string>, apiKey = 'key'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${sms.url}/version1/messaging`, {
    method: 'POST',
    headers: { apiKey, accept: 'application/json' },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

const form = { username: 'sandbox', to: '+254712345678', message: 'Karibu!', from: 'TURNPIKE' };

test('keeps each message and answers for each recipient', async () => {
  const { status, body } = await send({ ...form, to: '+254712345678, +254700000001' });
  expect({ status, body }).toEqual({
    status: 201,
    body: {
      SMSMessageData: {
        Message: 'Sent to 2/2 Total Cost: KES 1.6000',
        Recipients: ['+254712345678', '+254700000001'].map((number) => ({
          statusCode: 101,
          number,
          status: 'Success',
          cost: 'KES 0.8000',
          messageId: expect.stringMatching(/^ATXid_/),
        })),
      },
    },
  });
  expect(sms.messages('254712345678')).toMatchObject([{ to: '254712345678', from: 'TURNPIKE', text: 'Karibu!' }]);
  expect(sms.messages()).toHaveLength(2);
});

test('refuses a wrong key, a wrong user and a missing field', async () => {
  const invalid = { status: 401, body: 'The supplied authentication is invalid' };
  expect(await send(form, 'guess')).toEqual(invalid);
  expect(await send({ ...form, username: 'nobody' })).toEqual(invalid);
  expect(await send({ username: 'sandbox', to: '+254712345678' })).toEqual({
    status: 400,
    body: "Request is missing required form field 'message'",
  });
  expect(sms.messages()).toEqual([]);
});

test('refuses a number that is none, and each one while told to', async () => {
  const outcome = (statusCode: number, status: string) => ({
    body: { SMSMessageData: { Recipients: [{ statusCode, status, messageId: 'None' }] } },
  });
  expect(await send({ ...form, to: '0712' })).toMatchObject(outcome(403, 'InvalidPhoneNumber'));
  sms.faults = { ...sms.faults, refuse: 406, refuseAs: 'UserInBlacklist' };
  expect(await send(form)).toMatchObject(outcome(406, 'UserInBlacklist'));
  expect(sms.messages()).toEqual([]);
});

test('fails and hangs up while told to, and forgets on reset', async () => {
  sms.faults = { ...sms.faults, fail: true };
  expect((await send(form)).status).toBe(500);
  sms.faults = { ...sms.faults, fail: false, down: true };
  await expect(send(form)).rejects.toThrow('fetch failed');
  sms.reset();
  expect((await send(form)).status).toBe(201);
  expect(sms.messages()).toHaveLength(1);
});
