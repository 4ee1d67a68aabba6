import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoadtestConfig } from '../config.js';
import type { Instance } from '../instance.js';
import { getPrograms } from '../programs.js';
import type { Say } from '../radius/target.js';
import type { Figure } from '../results.js';
import { apiStep } from './api-scaling.js';
import { deployStep } from './deploy-scaling.js';
import { scalingFigures, type Step } from './efficiency.js';

export const SCALING_WHOLE = { TIMES: 3, SECONDS: 10 };
const API_STEPS = [1, 2];
const WORKER_STEPS = [1, 2, 4];

export interface ScalingContext {
  readonly config: LoadtestConfig;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Of each measurement. */
  readonly seconds: number;
  /** Measurements of each step, of which the median counts. */
  readonly times: number;
}

/** What a second and a fourth process add, while there are cores for them. */
export async function scaling(
  config: LoadtestConfig,
  _instance: Instance,
  say: Say,
  signal: AbortSignal,
): Promise<Figure[]> {
  const seconds = config.SECONDS ?? SCALING_WHOLE.SECONDS;
  const context = { config, say, signal, seconds, times: config.TIMES ?? SCALING_WHOLE.TIMES };
  const directory = await mkdtemp(path.join(tmpdir(), `turnpike-scaling-${process.pid}-`));
  try {
    const search = { searchPath: config.PATH, tempDir: directory, say };
    const programs = await getPrograms(['wrk', 'taskset'], search);
    const api: Step[] = [];
    for (const processes of API_STEPS) api.push(await apiStep(context, programs, processes));
    const deploys: Step[] = [];
    for (const processes of WORKER_STEPS) deploys.push(await deployStep(context, processes));
    return [...scalingFigures('API', '/s', api), ...scalingFigures('router deploys', '/s', deploys)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
