import { rename, rm, writeFile } from 'node:fs/promises';
import { type ControlServer, startControlServer } from './control/control-server.js';
import type { SimulatorConfig } from './config.js';
import { type SimulatedRouter, startSimulatedRouter } from './fleet.js';
import { makeReadyHotspot } from './ready-hotspot.js';
import { openRecorder, type Recorder } from './recorder.js';
import { ipToNumber, numberToIp } from './router/ipv4-text.js';

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

async function stopAll(
  routers: readonly SimulatedRouter[],
  control: ControlServer | undefined,
  recorder: Recorder | undefined,
): Promise<void> {
  await Promise.all([control?.stop(), ...routers.map((router) => router.stop())]);
  await recorder?.close();
}

/** In one step, so that whoever waits for the file never reads half of it. */
async function writeReadyFile(file: string, ready: ReadyLine): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Starts the whole fleet with its control endpoint, or nothing: a taken port is named in the error. */
export async function startSimulator(config: SimulatorConfig, onError: (error: Error) => void): Promise<Simulator> {
  const recorder = config.record === undefined ? undefined : openRecorder(config.record, onError);
  const routers: SimulatedRouter[] = [];
  let control: ControlServer | undefined;
  try {
    if (config.readyFile !== undefined) await rm(config.readyFile, { force: true });
    for (let index = 0; index < config.routers; index += 1) routers.push(await startOne(config, index, recorder));
    control = await startControlServer(routers, config.controlPort);
    const shown = routers.map(({ name, host, apiPort, username, password, nasAddress, tlsPort, tlsFingerprint }) => ({
      name,
      host,
      apiPort,
      username,
      password,
      nasAddress,
      tlsPort,
      tlsFingerprint,
    }));
    const ready = { routers: shown, controlUrl: control.url };
    if (config.readyFile !== undefined) await writeReadyFile(config.readyFile, ready);
    return {
      ready,
      routers,
      stop: () => stopAll(routers, control, recorder),
    };
  } catch (error) {
    await stopAll(routers, control, recorder);
    throw error;
  }
}
