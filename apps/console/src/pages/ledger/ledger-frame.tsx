import type { ReactNode } from 'react';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { useWords } from '../../words/use-words.js';
import { ledgerWords } from './ledger-words.js';

interface Props {
  readonly about?: string;
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

export function LedgerFrame({ about, actions, children }: Props) {
  const t = useWords(ledgerWords);
  return (
    <Page title={t('title')} {...(about === undefined ? {} : { about })} actions={actions}>
      <PageTabs
        label={t('tabs')}
        tabs={[
          { label: t('tabAccounts'), to: '/ledger' },
          { label: t('tabEntries'), to: '/ledger/entries' },
          { label: t('tabTrial'), to: '/ledger/trial-balance' },
        ]}
      />
      {children}
    </Page>
  );
}
