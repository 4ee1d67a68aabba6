import { Card, FileInput, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { importStatement, MAX_STATEMENT_BYTES, type StatementImport } from '@turnpike/contracts/payments.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { Action } from '../../kit/action.js';
import { DataTable } from '../../kit/data-table.js';
import { EmptyState } from '../../kit/empty-state.js';
import { Refusal } from '../../kit/refusal.js';
import { RowLink } from '../../kit/row-link.js';
import { givenList } from '../../kit/whole-list.js';
import { useWords } from '../../words/use-words.js';
import { detailWords } from './detail-words.js';
import { PaymentsFrame } from './payments-frame.js';

/** Takes a statement of M-Pesa and says what of it is not known here. */
export function StatementPage() {
  const t = useWords(detailWords);
  const [file, setFile] = useState<File | null>(null);
  const isTooBig = file !== null && file.size > MAX_STATEMENT_BYTES;
  const act = useAct(importStatement, {
    ownProblem: true,
    says: ({ lines }) => t('compared', { count: lines }),
  });
  const compare = async (chosen: File) => act.mutate({ body: { provider: 'mpesa', csv: await chosen.text() } });
  return (
    <PaymentsFrame about={t('statementAbout')}>
      <Card withBorder maw={640}>
        <Stack>
          <FileInput
            label={t('file')}
            description={t('fileHint')}
            placeholder={t('choose')}
            accept=".csv,text/csv,text/plain"
            leftSection={<IconFileImport size={16} aria-hidden />}
            clearable
            value={file}
            onChange={setFile}
            error={isTooBig ? t('tooBig') : undefined}
          />
          {act.error === null ? null : <Refusal problem={act.error} />}
          <Group justify="flex-end">
            <Action
              needs="payments:write"
              loading={act.isPending}
              disabled={file === null || isTooBig}
              onClick={() => (file === null ? undefined : void compare(file))}
            >
              {t('compare')}
            </Action>
          </Group>
        </Stack>
      </Card>
      {act.data === undefined ? null : <Result result={act.data} />}
    </PaymentsFrame>
  );
}

function Result({ result }: { result: StatementImport }) {
  const t = useWords(detailWords);
  const counts = [
    { label: t('lines'), count: result.lines },
    { label: t('matched'), count: result.matched },
    { label: t('missing'), count: result.missing },
    { label: t('amountDiffers'), count: result.amount },
    { label: t('known'), count: result.known },
    { label: t('skipped'), count: result.skipped },
  ];
  const verdicts = { missing: t('verdictMissing'), amount: t('verdictAmount'), unreadable: t('verdictUnreadable') };
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        {counts.map(({ label, count }) => (
          <Card withBorder key={label} padding="sm">
            <Text size="xl" fw={650} className="figures">
              {count}
            </Text>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {result.missing === 0 ? null : <RowLink to="/payments/review">{t('toReview')}</RowLink>}
      <DataTable
        caption={t('problems')}
        pages={givenList(result.problems)}
        idOf={({ line, receipt }) => `${line} ${receipt}`}
        empty={<EmptyState title={t('allFits')} text={t('allFitsText')} />}
        columns={[
          { key: 'line', title: t('line'), align: 'right', width: 72, render: ({ line }) => line },
          {
            key: 'receipt',
            title: t('receipt'),
            render: ({ receipt, paymentId }) =>
              paymentId === null ? receipt : <RowLink to={`/payments/${paymentId}`}>{receipt}</RowLink>,
          },
          { key: 'verdict', title: t('verdict'), render: ({ verdict }) => verdicts[verdict] },
          { key: 'detail', title: t('detailTitle'), from: 'md', render: ({ detail }) => detail },
        ]}
      />
    </>
  );
}
