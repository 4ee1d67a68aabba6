import { describeInstance } from './instance-file.js';
import { layoutOf } from './layout.js';
import { type CliConfig, readConfig } from './config.js';
import { processesEnv } from './processes-env.js';
import type { Secrets } from './secrets.js';
import type { Ports } from './settled-ports.js';
import { outsideServices } from './stand-ins.js';

const ports: Ports = {
  postgres: 1,
  redisDurable: 2,
  redisCache: 3,
  api: 4,
  radiusAuth: 5,
  radiusAcct: 6,
  simulatorApi: 7,
  simulatorControl: 8,
  simulatorDaraja: 9,
  simulatorSms: 10,
};
const secrets: Secrets = {
  postgresPassword: '',
  redisDurablePassword: '',
  redisCachePassword: '',
  encryptionKey: '',
  tokenPepper: '',
  metricsToken: '',
  operatorEmail: '',
  operatorPassword: '',
  apiToken: '',
  simulatorSeed: '1',
  darajaConsumerKey: 'the-key',
  darajaConsumerSecret: 'the-secret',
  darajaShortcode: '123456',
  darajaPasskey: 'the-passkey',
  darajaC2bToken: 'the-token',
  smsApiKey: 'the-api-key',
};
const urls = { databaseUrl: '', redisDurableUrl: '', redisCacheUrl: '' };

const environments = (config: CliConfig) => processesEnv({ config, layout: layoutOf('/data'), secrets, ports, urls });
const instance = (config: CliConfig) =>
  describeInstance({
    host: '',
    radiusHost: '',
    ports,
    urls,
    secrets,
    ops: [],
    outside: outsideServices(config, ports),
  });

test('without services of his own the user gets the stand-ins, and both sides know the same secrets', () => {
  const config = readConfig({});
  const { service, simulatorEnv } = environments(config);
  expect(service).toMatchObject({
    DARAJA_URL: 'http://127.0.0.1:9',
    DARAJA_CONSUMER_KEY: 'the-key',
    DARAJA_CONSUMER_SECRET: 'the-secret',
    DARAJA_SHORTCODE: '123456',
    DARAJA_PASSKEY: 'the-passkey',
    DARAJA_C2B_TOKEN: 'the-token',
    SMS_URL: 'http://127.0.0.1:10',
    SMS_USERNAME: 'sandbox',
    SMS_API_KEY: 'the-api-key',
  });
  expect(simulatorEnv).toMatchObject({
    SIMULATOR_DARAJA_PORT: '9',
    SIMULATOR_DARAJA_CONSUMER_KEY: 'the-key',
    SIMULATOR_DARAJA_CONSUMER_SECRET: 'the-secret',
    SIMULATOR_DARAJA_SHORTCODE: '123456',
    SIMULATOR_DARAJA_PASSKEY: 'the-passkey',
    SIMULATOR_SMS_PORT: '10',
    SIMULATOR_SMS_API_KEY: 'the-api-key',
  });
  expect(instance(config)).toMatchObject({
    daraja: { url: 'http://127.0.0.1:9', controlUrl: 'http://127.0.0.1:8/daraja' },
    sms: { url: 'http://127.0.0.1:10', controlUrl: 'http://127.0.0.1:8/sms' },
  });
});

test('services of the user are used with his secrets, and nothing of a stand-in is mixed in', () => {
  const config = readConfig({
    DARAJA_URL: 'https://api.safaricom.co.ke',
    DARAJA_CONSUMER_KEY: 'mine',
    SMS_URL: 'https://api.africastalking.com',
  });
  const { service } = environments(config);
  expect(service).toMatchObject({ DARAJA_URL: 'https://api.safaricom.co.ke', DARAJA_CONSUMER_KEY: 'mine' });
  expect(service['DARAJA_PASSKEY']).toBeUndefined();
  expect(service['SMS_API_KEY']).toBeUndefined();
  expect(instance(config).daraja).toEqual({ url: 'https://api.safaricom.co.ke' });
});

test('a key for the SMS gateway alone is enough to send real messages', () => {
  const config = readConfig({ SMS_API_KEY: 'mine' });
  const { service } = environments(config);
  expect([service['SMS_URL'], service['SMS_API_KEY']]).toEqual([undefined, 'mine']);
  expect(instance(config).sms).toEqual({ url: 'https://api.africastalking.com' });
});

test('where there is no simulator, payments are not set up unless the user does', () => {
  const config = readConfig({ SIMULATOR_ROUTERS: '0' });
  expect(environments(config).service['DARAJA_URL']).toBeUndefined();
  expect(instance(config).daraja).toEqual({ url: null });
});
