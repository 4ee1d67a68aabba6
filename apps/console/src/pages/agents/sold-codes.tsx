import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import type { AgentSale } from '@turnpike/contracts/agents.js';
import { CopyButton } from '../../kit/copy-button.js';
import { Money } from '../../kit/figures.js';
import { saveFile } from '../../kit/save-file.js';
import { useWords } from '../../words/use-words.js';
import { codesCsv } from './codes-csv.js';
import { sellingWords } from './selling-words.js';

/** The codes of a sale, this once; on paper the cards are left without what is around them. */
export function SoldCodes({ sale, onDone }: { sale: AgentSale; onDone: () => void }) {
  const t = useWords(sellingWords);
  const { codes, packageName, priceMinor, currency, number } = sale;
  const download = () =>
    saveFile(new Blob([codesCsv(sale)], { type: 'text/csv;charset=utf-8' }), `vouchers-${number}.csv`);
  return (
    <Card withBorder component="section" aria-live="polite">
      <Stack>
        <Group justify="space-between" className="no-print">
          <Title order={2} size="h5">
            {t('codes', { count: codes.length, name: packageName })}
          </Title>
          <Group gap="xs">
            <CopyButton text={codes.join('\n')} />
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={download}>
              {t('download')}
            </Button>
            <Button leftSection={<IconPrinter size={16} />} onClick={() => globalThis.print()}>
              {t('print')}
            </Button>
          </Group>
        </Group>
        <Alert color="orange" className="no-print">
          {t('codesOnce')}
        </Alert>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 5 }}>
          {codes.map((code) => (
            <Card key={code} withBorder padding="sm" className="unbroken">
              <Text size="xs" c="dimmed">
                {packageName} · <Money minor={priceMinor} currency={currency} />
              </Text>
              <Text ff="monospace" fw={600} size="lg">
                {code}
              </Text>
              <Text size="xs" c="dimmed">
                {number}
              </Text>
            </Card>
          ))}
        </SimpleGrid>
        <Group justify="flex-end" className="no-print">
          <Button variant="default" onClick={onDone}>
            {t('done')}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
