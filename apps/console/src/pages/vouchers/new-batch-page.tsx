import { Button, Card, Group, NumberInput, Radio, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getPackage } from '@turnpike/contracts/packages.js';
import { MAX_VOUCHERS, createVoucherBatch, listVoucherBatches } from '@turnpike/contracts/vouchers.js';
import { moneyText } from '@turnpike/core/money.js';
import { useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { ApiProblem } from '../../api/api-problem.js';
import { callForFile } from '../../api/call.js';
import { randomKey } from '../../api/random-key.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { InstantField } from '../../kit/instant-field.js';
import { issueOf, tellsMore } from '../../kit/issue-of.js';
import { isId } from '../../kit/is-id.js';
import { PackageSelect } from '../../kit/package-select.js';
import { Page } from '../../kit/page.js';
import { Refusal } from '../../kit/refusal.js';
import { saveFile } from '../../kit/save-file.js';
import { operatorZone } from '../../kit/zone.js';
import { dayOf } from '../../kit/zoned-day.js';
import { useWords } from '../../words/use-words.js';
import { commandOf, countOf, fileNameOf, mediaOf, papers, type Paper } from './batch-draft.js';
import { vouchersWords } from './vouchers-words.js';

const USUAL_COUNT = 50;
const FIELDS = ['packageId', 'count', 'expiresAt'];
const PAPER_WORDS = { 'pdf-a4': 'paper_a4', 'pdf-58mm': 'paper_58', 'pdf-80mm': 'paper_80', csv: 'paper_csv' } as const;

interface Made {
  readonly file: Blob;
  readonly name: string;
}

/** Makes vouchers and hands over the one file that holds their codes. */
export function NewBatchPage() {
  const t = useWords(vouchersWords);
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const [packageId, setPackageId] = useState(params.get('package') ?? '');
  const { data: chosen } = useEndpoint(getPackage, { params: { id: packageId } }, { enabled: isId(packageId) });
  const [count, setCount] = useState<number | string>(USUAL_COUNT);
  const [expiresAt, setExpiresAt] = useState('');
  const [paper, setPaper] = useState<Paper>('pdf-a4');
  const whole = countOf(count);
  const body = { packageId, count: whole ?? 0, format: paper, ...(expiresAt === '' ? {} : { expiresAt }) };
  const make = useMutation<Made, ApiProblem>({
    mutationFn: async () => {
      const options = { accept: mediaOf(paper), idempotencyKey: randomKey() };
      const file = await callForFile(createVoucherBatch, { body }, options);
      return { file, name: fileNameOf(paper, chosen?.name ?? '', dayOf(new Date(), operatorZone())) };
    },
    onSuccess: ({ file, name }) => saveFile(file, name),
    onSettled: () => queries.invalidateQueries({ queryKey: [listVoucherBatches.tag] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data !== undefined) return <Done made={make.data} onAgain={() => make.reset()} />;
  return (
    <Page
      title={t('makeTitle')}
      about={t('makeAbout')}
      trail={[{ label: t('title'), to: '/vouchers' }]}
      actions={<CopyAs endpoint={createVoucherBatch} input={{ body }} command={commandOf(body)} />}
    >
      <Card withBorder maw={640}>
        <form onSubmit={submit}>
          <Stack>
            <PackageSelect
              label={t('package')}
              required
              withInactive
              value={packageId}
              onChange={setPackageId}
              error={issueOf(make.error, 'packageId')}
            />
            <NumberInput
              label={t('howMany')}
              description={t('howManyHelp', { most: MAX_VOUCHERS.toLocaleString('en') })}
              required
              min={1}
              max={MAX_VOUCHERS}
              thousandSeparator=","
              allowDecimal={false}
              value={count}
              onChange={setCount}
              error={issueOf(make.error, 'count')}
            />
            <InstantField
              label={t('until')}
              value={expiresAt}
              onChange={setExpiresAt}
              error={issueOf(make.error, 'expiresAt')}
            />
            <Radio.Group
              label={t('paper')}
              value={paper}
              onChange={(value) => setPaper(papers.find((known) => known === value) ?? paper)}
            >
              <Stack gap="xs" mt="xs">
                {papers.map((value) => (
                  <Radio key={value} value={value} label={t(PAPER_WORDS[value])} />
                ))}
              </Stack>
            </Radio.Group>
            {chosen === undefined || whole === undefined ? null : (
              <Text size="sm">
                {t('costs', {
                  price: moneyText(chosen.priceMinor, chosen.currency),
                  total: moneyText(BigInt(chosen.priceMinor) * BigInt(whole), chosen.currency),
                })}
              </Text>
            )}
            {tellsMore(make.error, FIELDS) ? (
              <>
                <Refusal problem={make.error} />
                <Text size="sm">{make.error.status === 0 ? t('offline') : ''}</Text>
              </>
            ) : null}
            <Group justify="flex-end">
              <Button variant="default" component={Link} to="/vouchers">
                {t('toBatches')}
              </Button>
              <Action
                needs="vouchers:write"
                type="submit"
                loading={make.isPending}
                disabled={packageId === '' || whole === undefined}
              >
                {t('make', { count: whole ?? 0 })}
              </Action>
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}

function Done({ made: { file, name }, onAgain }: { made: Made; onAgain: () => void }) {
  const t = useWords(vouchersWords);
  return (
    <Page title={t('makeTitle')} trail={[{ label: t('title'), to: '/vouchers' }]}>
      <Card withBorder maw={640}>
        <Stack>
          <Title order={2} size="h4">
            {t('doneTitle')}
          </Title>
          <Text size="sm">{t('doneText')}</Text>
          <Text size="sm" ff="monospace">
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {t('saveAgainHelp')}
          </Text>
          <Group>
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => saveFile(file, name)}>
              {t('saveAgain')}
            </Button>
            <Button variant="default" onClick={onAgain}>
              {t('oneMore')}
            </Button>
            <Button component={Link} to="/vouchers">
              {t('toBatches')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Page>
  );
}
