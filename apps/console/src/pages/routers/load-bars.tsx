import { Box, Group, Progress, Text } from '@mantine/core';
import type { RouterLoad } from '@turnpike/contracts/routers.js';
import { octetsText } from '../../kit/figures.js';
import { When } from '../../kit/when.js';
import { useWords } from '../../words/use-words.js';
import { isOld, loadParts, type LoadPart } from './router-load.js';
import { routersWords } from './routers-words.js';

const BUSY_PERCENT = 80;
const BAR_WIDTH = 64;

/** Load of a router in the line of a list: three short bars, and how old they are when that is not just now. */
export function LoadBars({ load }: { load: RouterLoad }) {
  const t = useWords(routersWords);
  const parts = loadParts(load);
  if (load.loadReadAt === null || parts.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('loadUnknown')}
      </Text>
    );
  }
  const old = isOld(load.loadReadAt, Date.now());
  return (
    <>
      <Group gap="sm" wrap="nowrap">
        {parts.map((part) => (
          <Box key={part.key} w={BAR_WIDTH}>
            <LoadBar part={part} isOld={old} />
          </Box>
        ))}
      </Group>
      {old ? (
        <Text size="xs" c="dimmed" mt={2}>
          {t('loadReadAt')} <When at={load.loadReadAt} />
        </Text>
      ) : null}
    </>
  );
}

/** The same over the whole width, with the amounts. */
export function WideLoadBars({ load }: { load: RouterLoad }) {
  const t = useWords(routersWords);
  return (
    <Group grow align="flex-start" preventGrowOverflow={false} gap="lg">
      {loadParts(load).map((part) => (
        <div key={part.key}>
          <Group justify="space-between" mb={4}>
            <Text size="sm">{t(part.key)}</Text>
            <Text size="sm" className="figures">
              {amountText(part, t)}
            </Text>
          </Group>
          <Progress value={part.percent} color={colourOf(part)} aria-label={`${t(part.key)}: ${amountText(part, t)}`} />
        </div>
      ))}
    </Group>
  );
}

function LoadBar({ part, isOld: old }: { part: LoadPart; isOld: boolean }) {
  const t = useWords(routersWords);
  const text = amountText(part, t);
  return (
    <div title={text}>
      <Group justify="space-between" gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {t(`${part.key}Short`)}
        </Text>
        <Text size="xs" className="figures" {...(old ? { c: 'dimmed' } : {})}>
          {part.percent} %
        </Text>
      </Group>
      <Progress
        size="sm"
        value={part.percent}
        color={old ? 'gray' : colourOf(part)}
        aria-label={`${t(part.key)}: ${text}`}
      />
    </div>
  );
}

function colourOf({ percent }: LoadPart): string {
  return percent >= BUSY_PERCENT ? 'orange' : 'green';
}

function amountText(
  { percent, used, total }: LoadPart,
  t: ReturnType<typeof useWords<keyof (typeof routersWords)['texts']['en']>>,
) {
  if (used === null || total === null) return `${percent} %`;
  return t('amountOf', { used: octetsText(used), total: octetsText(total), percent });
}
