import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { ReactNode } from 'react';
import { CopyAs } from '../../kit/copy-as.js';
import { PageTabs } from '../../kit/page-tabs.js';
import { Page } from '../../kit/page.js';
import { useWords } from '../../words/use-words.js';
import { sessionsWords } from './sessions-words.js';

interface Props {
  readonly endpoint: Endpoint;
  readonly input: { readonly query?: unknown };
  readonly command?: string;
  readonly children: ReactNode;
}

/** Title and tabs of the pages about sessions. */
export function SessionsFrame({ endpoint, input, command, children }: Props) {
  const t = useWords(sessionsWords);
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={<CopyAs endpoint={endpoint} input={input} {...(command === undefined ? {} : { command })} />}
    >
      <PageTabs
        label={t('title')}
        tabs={[
          { label: t('tabOnline'), to: '/sessions' },
          { label: t('tabHistory'), to: '/sessions/history' },
          { label: t('tabLookup'), to: '/sessions/lookup' },
        ]}
      />
      {children}
    </Page>
  );
}
