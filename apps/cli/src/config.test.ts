import { readConfig } from './config.js';

describe('readConfig', () => {
  test('names every bad variable in one error', () => {
    const read = () => readConfig({ PORT: '99999', DATABASE_URL: 'mysql://x/y', API_INSTANCES: 'many' });
    expect(read).toThrow(/DATABASE_URL[^]*PORT[^]*API_INSTANCES/);
  });

  test('takes an empty variable for a missing one, and the embedded demo for the default', () => {
    const config = readConfig({ PORT: '', DATABASE_URL: '' });
    expect(config).toMatchObject({ port: undefined, databaseUrl: undefined, host: '127.0.0.1', simulatorRouters: 1 });
  });

  test('starts no simulated router with a database of the user unless he asks for one', () => {
    const DATABASE_URL = 'postgresql://me@db.example/turnpike';
    expect(readConfig({ DATABASE_URL }).simulatorRouters).toBe(0);
    expect(readConfig({ DATABASE_URL, SIMULATOR_ROUTERS: '2' }).simulatorRouters).toBe(2);
  });

  test('hands on what belongs to the processes and nothing of npm or the shell', () => {
    const env = { LOG_LEVEL: 'debug', RADIUS_IDLE_SECONDS: '60', npm_config_x: 'y', EDITOR: 'vi', PATH: '/bin' };
    const config = readConfig(env);
    expect(config.handedOn).toEqual({ LOG_LEVEL: 'debug', RADIUS_IDLE_SECONDS: '60' });
    expect(config.bareEnvironment).toEqual({ PATH: '/bin' });
  });

  test('tells routers a reachable address when RADIUS listens on all of them', () => {
    expect(readConfig({ RADIUS_HOST: '0.0.0.0' }).radiusAdvertisedAddress).toBe('127.0.0.1');
    expect(readConfig({ RADIUS_HOST: '10.0.0.5' }).radiusAdvertisedAddress).toBe('10.0.0.5');
  });
});
