/** An answer other than success, in the codes and words of the Daraja API's own documents. */
export class DarajaError extends Error {
  override readonly name = 'DarajaError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const invalidField = (field: string): DarajaError =>
  new DarajaError(400, '400.002.02', `Bad Request - Invalid ${field}`);

export const invalidAccessToken = (): DarajaError => new DarajaError(401, '404.001.03', 'Invalid Access Token');

/** One code for everything that goes wrong while the push is on its way. */
export const transactionError = (message: string): DarajaError => new DarajaError(500, '500.001.1001', message);

export const internalError = (): DarajaError => new DarajaError(500, '500.003.1001', 'Internal Server Error');
