import { z } from 'zod';
import { Secret } from '@turnpike/core/secret.js';
import { flag } from '../config.js';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplers)[number];

const endpoint = () =>
  z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:4318' }).optional();
/** JSON is what is sent; a collector takes it at the same port and path as protobuf. */
const protocol = () =>
  z.literal('http/json', { error: 'must be http/json, the only one that Turnpike speaks (port 4318)' }).optional();
const milliseconds = () => z.coerce.number().int().min(1).max(600_000).optional();

/** `a=1,b=two%20words`, as the standard has lists of names and values. */
const pairs = () =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      const items = (text ?? '').split(',').filter((item) => item.trim() !== '');
      const found = items.map((item) => decodedPair(item));
      if (found.includes(undefined)) {
        context.addIssue({ code: 'custom', message: 'must be name=value pairs, separated by commas' });
      }
      return Object.fromEntries(found.flatMap((pair) => (pair === undefined ? [] : [pair])));
    });

/** Headers may hold a token. */
const headers = () =>
  pairs().transform((found) =>
    Object.fromEntries(Object.entries(found).map(([name, value]) => [name, new Secret(value)])),
  );

/** Standard variables of OpenTelemetry, for the schemas of the processes' config.ts. Without an endpoint nothing is traced. */
export const tracingEnvironment = {
  OTEL_SDK_DISABLED: flag().default(false),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'must be otlp or none' }).default('otlp'),
  /** Of a collector, without /v1/traces. */
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
  /** The same for traces alone, taken as it is. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers(),
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds(),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: milliseconds(),
  /** Longest that a span waits for others to be sent with. */
  OTEL_BSP_SCHEDULE_DELAY: milliseconds(),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers, { error: `must be one of ${samplers.join(', ')}` })
    .default('parentbased_always_on'),
  /** Of the samplers that end in traceidratio: the part of all traces that is kept. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, 'must be a number from 0 to 1')
    .max(1, 'must be a number from 0 to 1')
    .default(1),
  OTEL_RESOURCE_ATTRIBUTES: pairs(),
};

type TracingEnvironment = z.output<z.ZodObject<typeof tracingEnvironment>>;

/** Where spans go to, and which. */
export interface TracingSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly timeoutMs: number;
  readonly sendEveryMs: number;
  readonly sampler: SamplerName;
  /** 0..1 */
  readonly ratio: number;
  readonly resource: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 10_000;
const SEND_EVERY_MS = 5_000;

/** Undefined: traces are off. */
export function tracingSettings(config: TracingEnvironment): TracingSettings | undefined {
  const url = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? ofAllSignals(config.OTEL_EXPORTER_OTLP_ENDPOINT);
  if (url === undefined || config.OTEL_SDK_DISABLED || config.OTEL_TRACES_EXPORTER === 'none') return undefined;
  return {
    url,
    headers: { ...config.OTEL_EXPORTER_OTLP_HEADERS, ...config.OTEL_EXPORTER_OTLP_TRACES_HEADERS },
    timeoutMs: config.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? config.OTEL_EXPORTER_OTLP_TIMEOUT ?? TIMEOUT_MS,
    sendEveryMs: config.OTEL_BSP_SCHEDULE_DELAY ?? SEND_EVERY_MS,
    sampler: config.OTEL_TRACES_SAMPLER,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    resource: config.OTEL_RESOURCE_ATTRIBUTES,
  };
}

function ofAllSignals(base: string | undefined): string | undefined {
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`;
}

function decodedPair(item: string): readonly [string, string] | undefined {
  const at = item.indexOf('=');
  if (at < 1) return undefined;
  try {
    return [item.slice(0, at).trim(), decodeURIComponent(item.slice(at + 1).trim())];
  } catch {
    return undefined;
  }
}
