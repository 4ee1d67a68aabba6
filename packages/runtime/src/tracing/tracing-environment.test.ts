import { z } from 'zod';
import { ConfigError, readConfig } from '../config.js';
import { tracingEnvironment, tracingSettings } from './tracing-environment.js';

const schema = z.object(tracingEnvironment);
const read = (env: Readonly<Record<string, string>>) => tracingSettings(readConfig(schema, env));
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

test.each([
  ['there is no endpoint', {}],
  ['the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
  ['there is no exporter', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
])('traces are off where %s', (_name, env) => {
  expect(read(env)).toBeUndefined();
});

test('the endpoint of all signals is completed, that of traces is taken as it is and goes first', () => {
  expect(read(ENDPOINT)?.url).toBe('http://collector:4318/v1/traces');
  const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.net/in' };
  expect(read({ ...ENDPOINT, ...own })?.url).toBe('https://traces.example.net/in');
});

test('headers hold secrets, and those of traces go before those of all signals', () => {
  const settings = read({
    ...ENDPOINT,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20one,x-tenant=a',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20two',
  });
  expect(settings?.headers['authorization']?.reveal()).toBe('Bearer two');
  expect(settings?.headers['x-tenant']?.reveal()).toBe('a');
  expect(JSON.stringify(settings)).not.toContain('Bearer');
});

test('every trace is kept unless something else is said', () => {
  expect(read(ENDPOINT)).toMatchObject({ sampler: 'parentbased_always_on', ratio: 1 });
  const some = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.05' };
  expect(read({ ...ENDPOINT, ...some })).toMatchObject({ sampler: 'parentbased_traceidratio', ratio: 0.05 });
});

test('names each variable that cannot be used, and says what it must be', () => {
  const bad = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_HEADERS: 'a-token-without-a-name',
    OTEL_TRACES_SAMPLER: 'sometimes',
    OTEL_TRACES_SAMPLER_ARG: '5 %',
  };
  expect.assertions(7);
  try {
    read(bad);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = z.instanceof(ConfigError).parse(error);
    expect(message).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is not usable: must be an address such as');
    expect(message).toContain('OTEL_EXPORTER_OTLP_PROTOCOL is not usable: must be http/json');
    expect(message).toContain('OTEL_EXPORTER_OTLP_HEADERS is not usable: must be name=value pairs');
    expect(message).toContain('OTEL_TRACES_SAMPLER is not usable: must be one of always_on');
    expect(message).toContain('OTEL_TRACES_SAMPLER_ARG is not usable: must be a number from 0 to 1');
    expect(message).not.toContain('a-token-without-a-name');
  }
});
