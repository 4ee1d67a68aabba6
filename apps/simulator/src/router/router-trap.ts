export interface TrapLine {
  readonly message: string;
  /** API manual: 0 missing item or command, 1 argument value, 2 interrupted; most refusals carry none. */
  readonly category?: number;
}

/** The router refuses a command; every line becomes one `!trap` sentence. */
export class RouterTrap extends Error {
  override readonly name = 'RouterTrap';
  readonly lines: readonly TrapLine[];

  constructor(message: string, category?: number, ...more: readonly TrapLine[]) {
    super(message);
    this.lines = [category === undefined ? { message } : { message, category }, ...more];
  }
}

export const noSuchItem = (): RouterTrap => new RouterTrap('no such item', 0);
export const unknownParameter = (): RouterTrap => new RouterTrap('unknown parameter');
export const notPermitted = (): RouterTrap => new RouterTrap('not enough permissions (9)');
