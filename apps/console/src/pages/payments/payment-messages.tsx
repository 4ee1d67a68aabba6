import { Code, Group, Stack, Text } from '@mantine/core';
import type { PaymentWithMessages } from '@turnpike/contracts/payments.js';
import { Section } from '../../kit/section.js';
import { Status, type Tone } from '../../kit/status.js';
import { When } from '../../kit/when.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { detailWords } from './detail-words.js';
import { readableText } from './raw-text.js';

type Message = PaymentWithMessages['messages'][number];

const TONES: Readonly<Record<Message['state'], Tone>> = { waiting: 'busy', handled: 'good', ignored: 'quiet' };

/** Everything a provider said, raw, with what was made of it. */
export function PaymentMessages({ messages }: { messages: readonly Message[] }) {
  const t = useWords(detailWords);
  return (
    <Section title={t('messages')}>
      {messages.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noMessages')}
        </Text>
      ) : (
        <Stack>
          {messages.map((message) => (
            <div key={message.id}>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  {kindText(message.kind, t)}
                </Text>
                <Status tone={TONES[message.state]}>{stateText(message.state, t)}</Status>
                <Text size="xs" c="dimmed">
                  <When at={message.createdAt} style="exact" />
                  {message.sourceAddress === null ? null : ` · ${t('from', { address: message.sourceAddress })}`}
                </Text>
              </Group>
              {message.outcome === null ? null : (
                <Text size="sm" c="dimmed">
                  {message.outcome}
                </Text>
              )}
              <Code block mah={320} tabIndex={0} aria-label={t('messages')} mt={4}>
                {readableText(message.body)}
              </Code>
            </div>
          ))}
        </Stack>
      )}
    </Section>
  );
}

function kindText(kind: string, t: SayOf<typeof detailWords>): string {
  if (kind === 'callback') return t('kindCallback');
  if (kind === 'query') return t('kindQuery');
  return kind === 'paybill' ? t('kindPaybill') : kind;
}

function stateText(state: Message['state'], t: SayOf<typeof detailWords>): string {
  if (state === 'waiting') return t('messageWaiting');
  return t(state === 'handled' ? 'messageHandled' : 'messageIgnored');
}
