/** Whether this is an error of the operating system with this code, for example `ENOENT`; errno(3). */
export function hasErrorCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
