import { rename, rm, writeFile } from 'node:fs/promises';
import { startControlServer } from './control/control-server.js';
import type { SimulatorConfig } from './config.js';
import { type Daraja, startDaraja } from './daraja/daraja.js';
import { type SimulatedRouter, startSimulatedRouter } from './fleet.js';
import type { HttpServer } from './http/http-server.js';
import { makeReadyHotspot } from './ready-hotspot.js';
import { openRecorder, type Recorder } from './recorder.js';
import { ipToNumber, numberToIp } from './router/ipv4-text.js';
import { type Sms, startSms } from './sms/sms.js';

/** Goes to stdout as one JSON line when everything listens. */
export interface ReadyLine {
  readonly routers: readonly {
    readonly name: string;
    readonly host: string;
    readonly apiPort: number;
    readonly username: string;
    readonly password: string;
    readonly nasAddress: string;
    readonly tlsPort: number | undefined;
    readonly tlsFingerprint: string | undefined;
  }[];
  readonly controlUrl: string;
  /** Stand-in for the M-Pesa API; steered at `controlUrl`/daraja. */
  readonly daraja: {
    readonly url: string;
    readonly consumerKey: string;
    readonly consumerSecret: string;
    readonly shortcode: string;
    readonly passkey: string;
  };
  /** Stand-in for the SMS gateway; steered at `controlUrl`/sms. */
  readonly sms: { readonly url: string; readonly username: string; readonly apiKey: string };
}

export interface Simulator {
  readonly ready: ReadyLine;
  readonly routers: readonly SimulatedRouter[];
  stop(): Promise<void>;
}

function nasAddress(config: SimulatorConfig, index: number): string | undefined {
  const first = config.nasAddress === undefined ? undefined : ipToNumber(config.nasAddress);
  return first === undefined ? undefined : numberToIp(first + index);
}

async function startOne(
  config: SimulatorConfig,
  index: number,
  recorder: Recorder | undefined,
): Promise<SimulatedRouter> {
  const name = `sim-${index + 1}`;
  const address = nasAddress(config, index);
  const router = await startSimulatedRouter({
    version: config.version,
    name,
    apiPort: config.apiPortBase === 0 ? 0 : config.apiPortBase + index,
    ...(address === undefined ? {} : { nasAddress: address }),
    deviceMode: config.deviceMode,
    seed: config.seed + index,
    username: config.username,
    password: config.password,
    tls: config.tls,
    bridgedPorts: config.bridgedPorts,
    ...(recorder === undefined ? {} : { record: (words: string[]) => recorder.write(name, words) }),
  });
  if (config.radius !== undefined) makeReadyHotspot(router, { ...config.radius, secret: config.radiusSecret });
  for (let phone = 0; phone < config.phones; phone += 1) router.phone();
  return router;
}

/** What has been started so far. */
interface Parts {
  readonly recorder: Recorder | undefined;
  readonly routers: SimulatedRouter[];
  daraja?: Daraja;
  sms?: Sms;
  control?: HttpServer;
}

async function stopAll({ recorder, routers, daraja, sms, control }: Parts): Promise<void> {
  await Promise.all([control?.stop(), daraja?.stop(), sms?.stop(), ...routers.map((router) => router.stop())]);
  await recorder?.close();
}

/** In one step, so that whoever waits for the file never reads half of it. */
async function writeReadyFile(file: string, ready: ReadyLine): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function readyLine({ routers, daraja, sms, control }: Required<Parts>): ReadyLine {
  const { consumerKey, consumerSecret, shortcode, passkey } = daraja.options;
  const { username, apiKey } = sms.options;
  return {
    routers: routers.map(({ name, host, apiPort, username, password, nasAddress, tlsPort, tlsFingerprint }) => ({
      name,
      host,
      apiPort,
      username,
      password,
      nasAddress,
      tlsPort,
      tlsFingerprint,
    })),
    controlUrl: control.url,
    daraja: { url: daraja.url, consumerKey, consumerSecret, shortcode, passkey },
    sms: { url: sms.url, username, apiKey },
  };
}

async function startParts(config: SimulatorConfig, parts: Parts): Promise<Required<Parts>> {
  for (let index = 0; index < config.routers; index += 1) {
    parts.routers.push(await startOne(config, index, parts.recorder));
  }
  const daraja = (parts.daraja = await startDaraja({
    port: config.darajaPort,
    seed: config.seed,
    consumerKey: config.darajaConsumerKey,
    consumerSecret: config.darajaConsumerSecret,
    shortcode: config.darajaShortcode,
    passkey: config.darajaPasskey,
  }));
  const sms = (parts.sms = await startSms({
    port: config.smsPort,
    username: config.smsUsername,
    apiKey: config.smsApiKey,
  }));
  const { routers, recorder } = parts;
  const control = (parts.control = await startControlServer({ routers, daraja, sms }, config.controlPort));
  return { recorder, routers, daraja, sms, control };
}

/** Starts the whole fleet with its stand-ins and control endpoint, or nothing: a taken port is named in the error. */
export async function startSimulator(config: SimulatorConfig, onError: (error: Error) => void): Promise<Simulator> {
  const recorder = config.record === undefined ? undefined : openRecorder(config.record, onError);
  const parts: Parts = { recorder, routers: [] };
  try {
    if (config.readyFile !== undefined) await rm(config.readyFile, { force: true });
    const ready = readyLine(await startParts(config, parts));
    if (config.readyFile !== undefined) await writeReadyFile(config.readyFile, ready);
    return { ready, routers: parts.routers, stop: () => stopAll(parts) };
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}
