import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { listPackages } from '@turnpike/contracts/packages.js';
import { createVoucherBatch, MAX_VOUCHERS, voucherFormats, type VoucherFormat } from '@turnpike/contracts/vouchers.js';
import type { ApiClient } from '../api-client.js';
import { EXIT, VerbError } from './exit.js';
import { isId } from './find-router.js';
import { readPages } from './pages.js';
import { addVerb, parseCount, type Verb, type VerbHost, type VerbOptions } from './verb.js';
import { amountOf, count as counted } from './words.js';

interface CreateOptions extends VerbOptions {
  readonly package: string;
  readonly count: number;
  readonly pdf?: string;
  readonly csv?: string;
  readonly paper: string;
  readonly expires?: string;
}

const PAPERS: Readonly<Record<string, VoucherFormat>> = { a4: 'pdf-a4', '58mm': 'pdf-58mm', '80mm': 'pdf-80mm' };

/** `voucher create`. */
export function voucherVerbs(group: Command, host: VerbHost): void {
  addVerb<CreateOptions>(group, host, {
    name: 'create',
    description: 'make vouchers for a package; their codes are told this once',
    options: (command) =>
      void command
        .requiredOption('--package <package>', 'name or id of the package')
        .requiredOption('--count <n>', `how many, up to ${MAX_VOUCHERS}`, parseCount)
        .option('--pdf <file>', 'write them to a PDF to print')
        .option('--csv <file>', 'write them to a table')
        .option('--paper <paper>', `of the PDF: ${Object.keys(PAPERS).join(', ')}`, 'a4')
        .option('--expires <instant>', 'until when they can be redeemed, for example 2027-01-31T00:00:00Z'),
    run: create,
  });
}

async function create(verb: Verb, _args: readonly string[], options: CreateOptions): Promise<void> {
  const { pdf, csv, count, expires: expiresAt } = options;
  if (pdf !== undefined && csv !== undefined) {
    throw new VerbError('Choose --pdf or --csv: the codes of a batch are told only once.', EXIT.usage);
  }
  const format = formatOf(options);
  const api = await verb.api();
  const chosen = await findPackage(api, options.package);
  const body = { packageId: chosen.id, count, expiresAt, format };
  const file = pdf ?? csv;
  if (file !== undefined) return writeBatch(verb, file, { api, body, packageName: chosen.name });
  const batch = await api.call(createVoucherBatch, { body });
  verb.out.emit(batch);
  for (const code of batch.codes) verb.out.say(code);
  const price = batch.priceMinor === null ? '' : `, ${amountOf(batch.priceMinor, batch.currency ?? '')} each`;
  if (!verb.out.json) {
    verb.out.complain(
      `Batch ${batch.number}: ${counted(batch.count, 'voucher')} for ${batch.packageName}${price}. Keep the codes: they are stored nowhere.`,
    );
  }
}

function formatOf({ pdf, csv, paper }: CreateOptions): VoucherFormat {
  if (csv !== undefined) return 'csv';
  if (pdf === undefined) return 'json';
  const format = PAPERS[paper.toLowerCase()];
  if (format !== undefined && voucherFormats.includes(format)) return format;
  throw new VerbError(`--paper is one of ${Object.keys(PAPERS).join(', ')}.`, EXIT.usage);
}

interface BatchToWrite {
  readonly api: ApiClient;
  readonly packageName: string;
  readonly body: { packageId: string; count: number; expiresAt: string | undefined; format: VoucherFormat };
}

/** The file is opened before the vouchers are made: a batch that cannot be written would be lost for good. */
async function writeBatch(verb: Verb, file: string, { api, body, packageName }: BatchToWrite): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VerbError(
      `No voucher was made, because ${file} cannot be written as a new file (${reason}).`,
      EXIT.usage,
    );
  });
  try {
    const accept = body.format === 'csv' ? 'text/csv' : 'application/pdf';
    await handle.writeFile(await api.file(createVoucherBatch, { body, accept }));
  } finally {
    await handle.close();
  }
  verb.out.emit({ file, count: body.count, packageId: body.packageId, format: body.format });
  verb.out.say(
    `${counted(body.count, 'voucher')} for ${packageName} written to ${file}. Keep it: the codes are stored nowhere else.`,
  );
}

async function findPackage(api: ApiClient, text: string): Promise<{ id: string; name: string }> {
  const { items } = await readPages(1_000, (page) => api.call(listPackages, { query: page }));
  const wanted = text.toLowerCase();
  const found = items.filter(({ id, name }) => (isId(text) ? id === text : name.toLowerCase() === wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    const ids = found.map(({ id }) => `  ${id}`).join('\n');
    throw new VerbError(`${found.length} packages are named ${text}; name one by its id:\n${ids}`, EXIT.usage);
  }
  const names = items.map(({ name }) => name).slice(0, 10);
  throw new VerbError(`There is no package ${text}. There are: ${names.join(', ') || 'none'}.`);
}
