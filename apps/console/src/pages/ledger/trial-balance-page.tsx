import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { getTrialBalance, type TrialBalance } from '@turnpike/contracts/ledger.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Money } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { RowLink } from '../../kit/row-link.js';
import { Section } from '../../kit/section.js';
import { givenList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { accountKindText } from './account-texts.js';
import { LedgerFrame } from './ledger-frame.js';
import { ledgerWords } from './ledger-words.js';

/** The proof of the books. */
export function TrialBalancePage() {
  const t = useWords(ledgerWords);
  const asked = useEndpoint(getTrialBalance);
  return (
    <LedgerFrame
      actions={
        <>
          <CopyAs endpoint={getTrialBalance} />
          <Button variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
            {t('checkAgain')}
          </Button>
        </>
      }
    >
      <Loaded asked={asked} height={420}>
        {(trial) =>
          trial.currencies.length === 0 ? (
            <EmptyState title={t('emptyTrial')} text={t('emptyTrialText')} />
          ) : (
            <Proof trial={trial} />
          )
        }
      </Loaded>
    </LedgerFrame>
  );
}

function Proof({ trial }: { trial: TrialBalance }) {
  const t = useWords(ledgerWords);
  return (
    <Stack>
      <Alert
        color={trial.ok ? 'green' : 'red'}
        icon={trial.ok ? <IconCircleCheck /> : <IconAlertTriangle />}
        title={t(trial.ok ? 'trialOk' : 'trialWrong')}
      >
        {t(trial.ok ? 'trialOkText' : 'trialWrongText')}
      </Alert>
      {trial.currencies.map(({ currency, sumMinor, kinds }) => (
        <DataTable
          key={currency}
          caption={t('sumOf', { currency })}
          pages={givenList([...kinds, { kind: null, accounts: 0, sumMinor }])}
          idOf={({ kind }) => kind ?? 'sum'}
          empty={null}
          columns={[
            {
              key: 'kind',
              title: `${t('kind')} · ${currency}`,
              render: ({ kind }) => (kind === null ? <b>{t('sum')}</b> : accountKindText(kind, t)),
            },
            {
              key: 'accounts',
              title: t('accounts'),
              align: 'right',
              from: 'sm',
              render: ({ kind, accounts }) => (kind === null ? '' : accounts),
            },
            {
              key: 'sum',
              title: t('balance'),
              align: 'right',
              render: (row) =>
                row.kind === null ? (
                  <b>
                    <Money minor={row.sumMinor} currency={currency} />
                  </b>
                ) : (
                  <Money minor={row.sumMinor} currency={currency} />
                ),
            },
          ]}
        />
      ))}
      {trial.wrong.length === 0 ? null : (
        <Section title={t('wrongAccounts')}>
          <DataTable
            caption={t('wrongAccounts')}
            pages={givenList(trial.wrong)}
            idOf={({ accountId }) => accountId}
            empty={null}
            columns={[
              {
                key: 'account',
                title: t('account'),
                render: ({ accountId }) => <RowLink to={`/ledger/entries?account=${accountId}`}>{accountId}</RowLink>,
              },
              { key: 'balance', title: t('balance'), align: 'right', render: ({ balanceMinor }) => balanceMinor },
              { key: 'posted', title: t('posted'), align: 'right', render: ({ postedMinor }) => postedMinor },
            ]}
          />
        </Section>
      )}
    </Stack>
  );
}
