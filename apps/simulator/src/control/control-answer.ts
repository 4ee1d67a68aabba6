export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
