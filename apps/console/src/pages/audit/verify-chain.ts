import { verifyAudit } from '@turnpike/contracts/audit.js';
import { call } from '../../api/call.js';

export interface ChainFinding {
  readonly checked: number;
  readonly head: string;
  readonly firstBroken: { readonly id: string; readonly reason: string } | null;
}

type Verify = (cursor: string | undefined) => Promise<ChainFinding & { readonly nextCursor: string | null }>;

/** Asks until the chain is checked to its end, or broken: one call checks for some seconds only. */
export async function verifyChain(
  onProgress: (checked: number) => void,
  verify: Verify = (cursor) => call(verifyAudit, { query: { cursor } }),
): Promise<ChainFinding> {
  let checked = 0;
  let cursor: string | undefined;
  for (;;) {
    const part = await verify(cursor);
    checked += part.checked;
    onProgress(checked);
    if (part.nextCursor === null || part.firstBroken !== null) {
      return { checked, head: part.head, firstBroken: part.firstBroken };
    }
    cursor = part.nextCursor;
  }
}
