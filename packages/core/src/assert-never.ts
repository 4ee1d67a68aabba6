/** Ends an exhaustive switch: a new member of a union that nobody handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
