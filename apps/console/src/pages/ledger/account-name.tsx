import type { AccountKind } from '@turnpike/contracts/ledger.js';
import { RowLink } from '../../kit/row-link.js';
import { useWords } from '../../words/use-words.js';
import { accountText, ownerPage } from './account-texts.js';
import { ledgerWords } from './ledger-words.js';

/** What an account is, leading to whose it is. */
export function AccountName({ kind, owner }: { kind: AccountKind; owner: string }) {
  const t = useWords(ledgerWords);
  const page = ownerPage(kind, owner);
  const text = accountText(kind, owner, t);
  return page === undefined ? <span>{text}</span> : <RowLink to={page}>{text}</RowLink>;
}
