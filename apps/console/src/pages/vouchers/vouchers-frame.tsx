import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Action } from '../../kit/action.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { Page } from '../../kit/page.js';
import { useMay } from '../../session/session.js';
import { useWords } from '../../words/use-words.js';
import { vouchersWords } from './vouchers-words.js';

/** Title and tabs of the lists of vouchers. */
export function VouchersFrame({ copy, children }: { copy: ReactNode; children: ReactNode }) {
  const t = useWords(vouchersWords);
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          {copy}
          <NewBatchButton />
        </>
      }
    >
      <PageTabs
        label={t('title')}
        tabs={[
          { label: t('tabBatches'), to: '/vouchers' },
          { label: t('tabCodes'), to: '/vouchers/codes' },
        ]}
      />
      {children}
    </Page>
  );
}

export function NewBatchButton() {
  const t = useWords(vouchersWords);
  const may = useMay('vouchers:write');
  const icon = <IconPlus size={16} />;
  return may ? (
    <Button component={Link} to="/vouchers/new" leftSection={icon}>
      {t('newBatch')}
    </Button>
  ) : (
    <Action needs="vouchers:write" leftSection={icon}>
      {t('newBatch')}
    </Action>
  );
}
