import type { ReactNode } from 'react';
import { Page } from '../../kit/page.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { useWords } from '../../words/use-words.js';
import { reportWords } from './report-words.js';

interface Props {
  readonly about?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The title and tabs that every report has. */
export function ReportsFrame({ about, actions, children }: Props) {
  const t = useWords(reportWords);
  return (
    <Page title={t('title')} {...(about === undefined ? {} : { about })} actions={actions}>
      <PageTabs
        label={t('tabs')}
        tabs={[
          { label: t('tabSales'), to: '/reports' },
          { label: t('tabChurn'), to: '/reports/churn' },
          { label: t('tabTax'), to: '/reports/tax' },
          { label: t('tabSchedules'), to: '/reports/schedules' },
        ]}
      />
      {children}
    </Page>
  );
}
