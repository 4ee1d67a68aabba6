import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../', import.meta.url));

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** What its imports name, dynamic ones too. */
  readonly imports: readonly string[];
  /** Identifiers and property chains such as `process.env`, without comments and strings. */
  readonly code: string;
}

const LEFT_OUT = /\/(node_modules|dist|generated|results)\//;

/** Every TypeScript file that somebody wrote, below these folders. */
export async function sourceFiles(folders: readonly string[]): Promise<SourceFile[]> {
  const found = await Promise.all(folders.map(filesBelow));
  const paths = found.flat().filter((file) => /\.ts$/.test(file) && !LEFT_OUT.test(`/${file}`));
  return Promise.all(paths.sort().map(readSource));
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

async function readSource(file: string): Promise<SourceFile> {
  const text = await readFile(path.join(root, file), 'utf8');
  return {
    path: file,
    text,
    lines: text.trimEnd().split('\n').length,
    imports: ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
    code: ts.transpileModule(text, { compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext } })
      .outputText,
  };
}
