import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './run-program.js';

export interface RedisBinary {
  readonly file: string;
  /** Directory of the libraries it needs when it is not installed in the system. */
  readonly libraries?: string;
}

const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const LIBRARY_DIRECTORY: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

function binaryBelow(dir: string): Required<RedisBinary> {
  const libraries = path.join(dir, 'usr', 'lib', LIBRARY_DIRECTORY[process.arch] ?? `${process.arch}-linux-gnu`);
  return { file: path.join(dir, 'usr', 'bin', 'redis-server'), libraries };
}

/** Environment a downloaded server has to be run with. */
export function redisEnvironment(binary: RedisBinary): Record<string, string> {
  const base = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
  return binary.libraries === undefined ? base : { ...base, LD_LIBRARY_PATH: binary.libraries };
}

/** The copy an earlier download left in `dir`. */
export async function downloadedRedis(dir: string): Promise<RedisBinary | undefined> {
  const binary = binaryBelow(dir);
  return access(binary.file).then(
    () => binary,
    () => undefined,
  );
}

/** apt with a state of its own: no root, no change to the system's package lists. */
function privateApt(dir: string): string[] {
  const settings = [
    `Dir::State=${dir}/apt`,
    `Dir::State::Lists=${dir}/apt/lists`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${dir}/apt/cache`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

async function fetchPackages(work: string, env: Record<string, string>): Promise<string | undefined> {
  const options = privateApt(work);
  const debs = path.join(work, 'deb');
  for (const dir of ['apt/lists/partial', 'apt/cache/archives/partial', 'deb']) {
    await mkdir(path.join(work, dir), { recursive: true });
  }
  const update = await runProgram('apt-get', [...options, 'update', '-qq'], { env, timeoutMs: 120_000 });
  if (!update.ok) return `apt-get update: ${update.explanation}`;
  const args = [...options, 'download', '-qq', ...PACKAGES];
  const download = await runProgram('apt-get', args, { env, cwd: debs, timeoutMs: 120_000 });
  return download.ok ? undefined : `apt-get download: ${download.explanation}`;
}

async function unpack(work: string, target: string, env: Record<string, string>): Promise<string | undefined> {
  const debs = path.join(work, 'deb');
  for (const deb of (await readdir(debs)).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await runProgram('dpkg', ['-x', path.join(debs, deb), target], { env });
    if (!unpacked.ok) return `dpkg -x ${deb}: ${unpacked.explanation}`;
  }
  const binary = binaryBelow(target);
  const check = await runProgram(binary.file, ['--version'], { env: redisEnvironment(binary) });
  return check.ok ? undefined : `the downloaded server does not run: ${check.explanation}`;
}

/** Downloads a server into `dir`; a text says why it could not be done. Two downloads at once do not disturb each other. */
export async function downloadRedis(
  dir: string,
  searchPath: string,
  log?: (line: string) => void,
): Promise<RedisBinary | string> {
  const work = `${dir}.download-${process.pid}`;
  const target = path.join(work, 'root');
  const env = { PATH: `${searchPath}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: 'C.UTF-8' };
  log?.('no redis-server on this machine: fetching it from the Debian archive into the data directory');
  try {
    const failure = (await fetchPackages(work, env)) ?? (await unpack(work, target, env));
    if (failure !== undefined) return failure;
    const other = await downloadedRedis(dir);
    if (other !== undefined) return other;
    await rename(target, dir);
    return binaryBelow(dir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
