import { problem, type Problem } from '@turnpike/contracts/common.js';

/** An answer that is not a success, or none at all. `code` is the API's, or `offline` and `not_understood` of our own. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly issues: NonNullable<Problem['issues']>;

  constructor(found: Pick<Problem, 'status' | 'code' | 'detail' | 'requestId' | 'issues'>, options?: ErrorOptions) {
    super(found.detail, options);
    this.name = 'ApiProblem';
    this.status = found.status;
    this.code = found.code;
    this.requestId = found.requestId;
    this.issues = found.issues ?? [];
  }
}

/** What the API says of a request it did not do. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = problem.safeParse(body);
  if (parsed.success) return new ApiProblem(parsed.data);
  return new ApiProblem({
    status: response.status,
    code: 'not_understood',
    detail: `The server answered ${response.status} ${response.statusText}.`,
    requestId: response.headers.get('x-request-id') ?? '',
  });
}

export function unreachable(cause: unknown): ApiProblem {
  const found = { status: 0, code: 'offline', detail: 'The server cannot be reached.', requestId: '' };
  return new ApiProblem(found, { cause });
}

/** An answer that is not what its contract says: server and page are of different versions. */
export function notExpected(response: Response, cause: unknown): ApiProblem {
  const found = {
    status: response.status,
    code: 'not_understood',
    detail:
      'The server answered otherwise than this page expects, as one of another version does. Load the page again.',
    requestId: response.headers.get('x-request-id') ?? '',
  };
  return new ApiProblem(found, { cause });
}
