import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from './campaign.js';

const SHOWN_BYTES = 200;

/** Keeps what is needed to see each finding again, one file each, below loadtest/results/fuzz-findings/. */
export async function keepFindings(
  root: string,
  campaign: string,
  seed: number,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  const directory = path.join(root, 'loadtest', 'results', 'fuzz-findings');
  await mkdir(directory, { recursive: true });
  for (const { kind, detail, index, datagram } of findings) {
    const file = `${campaign}-${kind.replace(/[^a-z]+/g, '-')}-${seed}-${index}.json`;
    const record = { campaign, seed, index, kind, detail, datagram: datagram.toString('hex') };
    await writeFile(path.join(directory, file), `${JSON.stringify(record, null, 2)}\n`);
  }
}

/** For the terminal: what, and how to see it again. */
export function describeFinding(campaign: string, seed: number, { kind, detail, index, datagram }: Finding): string {
  const hex = datagram.subarray(0, SHOWN_BYTES).toString('hex');
  const more = datagram.length > SHOWN_BYTES ? `... (${datagram.length} bytes)` : '';
  return `  ${kind}: ${detail}\n    npm run fuzz -- ${campaign} --seed ${seed} --only ${index}\n    ${hex}${more}`;
}
