import { readdir } from 'node:fs/promises';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';

/** Every endpoint of every file of the contracts: for tests, so that a new one is tested without being named. */
export async function contractEndpoints(): Promise<Endpoint[]> {
  const folder = new URL('../../contracts/src/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => /^[a-z-]+\.ts$/.test(file));
  const modules = await Promise.all(files.map(importContract));
  return modules.flatMap((module): unknown[] => Object.values(module)).filter(isEndpoint);
}

async function importContract(file: string): Promise<object> {
  const module: unknown = await import(`@turnpike/contracts/${file.replace(/ts$/, 'js')}`);
  return typeof module === 'object' && module !== null ? module : {};
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'allow' in value && 'method' in value && 'path' in value;
}
