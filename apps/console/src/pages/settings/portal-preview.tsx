import { Box, Card, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { brandColors } from '@turnpike/core/brand-colors.js';
import { useWords } from '../../words/use-words.js';
import { groupWords } from './group-words.js';

interface Props {
  readonly name: string;
  readonly color: string;
  readonly contact: string;
}

const IS_COLOR = /^#[0-9a-f]{6}$/i;
const LAST_RESORT = '#0b6b57';

/** The head of the portal as a phone shows it, with the shades that the portal makes of the colour. */
export function PortalPreview({ name, color, contact }: Props) {
  const t = useWords(groupWords);
  const { fill, onFill, inkLight } = brandColors(IS_COLOR.test(color) ? color : LAST_RESORT);
  return (
    <Card withBorder component="section" w={{ base: '100%', md: 340 }} maw={340}>
      <Title order={2} size="h5" mb="sm">
        {t('preview')}
      </Title>
      <Paper radius="md" bg="#eef1f4" c="#1a2127" style={{ overflow: 'hidden' }} aria-hidden>
        <Group gap="xs" wrap="nowrap" p="sm" bg="#ffffff" c={inkLight}>
          <Mark />
          <Text fw={700} c="#1a2127" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
        </Group>
        <Stack gap={6} p="sm">
          <Text fw={700} fz="xl" lh={1.2}>
            {t('previewTitle')}
          </Text>
          <Text size="sm" c="#4a5762">
            {t('previewText')}
          </Text>
          <Group justify="space-between" p="sm" bg="#ffffff" style={{ borderRadius: 10 }}>
            <Text fw={700} fz="lg" c={inkLight}>
              KSh 50
            </Text>
            <Box px="lg" py={8} bg={fill} c={onFill} fw={600} style={{ borderRadius: 10 }}>
              {t('previewBuy')}
            </Box>
          </Group>
          {contact.trim() === '' ? null : (
            <Text size="xs" c="#4a5762" style={{ overflowWrap: 'anywhere' }}>
              {t('previewHelp', { contact })}
            </Text>
          )}
        </Stack>
      </Paper>
    </Card>
  );
}

function Mark() {
  return (
    <svg
      width="28"
      height="28"
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap="round"
    >
      <path d="M4 13a17 17 0 0 1 24 0M9 18.5a10 10 0 0 1 14 0" />
      <circle cx="16" cy="24.5" r="2.4" fill="currentColor" stroke="none" />
    </svg>
  );
}
