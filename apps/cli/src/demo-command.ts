import { AppError } from '@turnpike/core/app-error.js';
import { randomReadable } from '@turnpike/core/tokens.js';
import { createApiClient } from './api-client.js';
import type { CliContext } from './cli-context.js';
import { createDemoScreen } from './demo/demo-screen.js';
import { runDemo } from './demo/demo.js';
import { readInstance } from './instance-file.js';
import { readPorts } from './settled-ports.js';
import { readSimulatorFile } from './simulator-ready.js';

/** Shows the main job on the running system. Rejects when a step fails or nothing runs. */
export async function demo({ layout }: CliContext): Promise<void> {
  const instance = await readInstance(layout.instance);
  if (instance === undefined) throw new AppError('unavailable', 'nothing runs yet: `npm start` first');
  const ready = await readSimulatorFile(layout.simulatorReady);
  const routerName = ready?.routers[0]?.name;
  if (ready === undefined || routerName === undefined) {
    throw new AppError('unavailable', 'the demo needs the simulated router: `SIMULATOR_ROUTERS=1 npm start`');
  }
  const controlPort = (await readPorts(layout.ports))?.simulatorControl ?? 0;
  const controlUrl = ready.controlUrl ?? `http://127.0.0.1:${controlPort}`;
  const simulator = { routerName, controlUrl };
  const api = createApiClient(instance.apiUrl, instance.apiToken);
  const screen = createDemoScreen(process.stdout);
  await runDemo({
    api,
    simulator,
    screen,
    canPay: instance.daraja.controlUrl !== undefined,
    smsControlUrl: instance.sms?.controlUrl,
    runName: randomReadable(5),
  });
}
