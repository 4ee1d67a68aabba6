import { Alert, Badge, Card, Code, Group, List, Stack, Text, Title } from '@mantine/core';
import type { PlanConflict, PlanOperation, PlanView as Plan } from '@turnpike/contracts/provisioning.js';
import { useWords } from '../../words/use-words.js';
import { LongValue } from './long-value.js';
import { countPlan, diffLines, groupPlan, type DiffLine } from './plan-groups.js';
import { serviceWords } from './service-words.js';

const COLOURS = { add: 'green', set: 'blue', remove: 'red' } as const;
const LINE_COLOURS = {
  '+': 'var(--mantine-color-green-text)',
  '-': 'var(--mantine-color-red-text)',
  '~': 'var(--mantine-color-blue-text)',
} as const;
const REDACTED = '[redacted]';

/** Exactly what a deploy would do, by menu of the router. */
export function PlanView({ plan }: { plan: Plan }) {
  const t = useWords(serviceWords);
  const counts = countPlan(plan.operations);
  return (
    <Stack gap="sm">
      {plan.conflicts.length === 0 ? null : <Conflicts conflicts={plan.conflicts} />}
      {plan.warnings.length === 0 ? null : (
        <Alert color="orange" title={t('warnings')}>
          <List size="sm">
            {plan.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {plan.operations.length === 0 && plan.conflicts.length === 0 ? (
        <Alert color="green" title={t('planNothing')}>
          {t('planNothingText')}
        </Alert>
      ) : null}
      {plan.operations.length === 0 ? null : (
        <Group gap="xs">
          <Count color="green" text={t('adds', { count: counts.add })} />
          <Count color="blue" text={t('sets', { count: counts.set })} />
          <Count color="red" text={t('removes', { count: counts.remove })} />
        </Group>
      )}
      {groupPlan(plan.operations).map(({ path, operations }) => (
        <Card key={path} withBorder padding="sm" component="section">
          <Title order={3} size="h6" ff="monospace" mb="xs">
            {path}
          </Title>
          <Stack gap="sm">
            {operations.map((operation) => (
              <Operation key={`${operation.op} ${operation.key}`} operation={operation} />
            ))}
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}

function Count({ color, text }: { color: string; text: string }) {
  return (
    <Badge color={color} variant="light" tt="none" size="lg">
      {text}
    </Badge>
  );
}

function Conflicts({ conflicts }: { conflicts: readonly PlanConflict[] }) {
  const t = useWords(serviceWords);
  return (
    <Alert color="red" title={t('conflicts')}>
      <Stack gap="xs">
        <Text size="sm">{t('conflictsText')}</Text>
        {conflicts.map(({ path, key, message, remedy }) => (
          <div key={`${path} ${key} ${message}`}>
            <Text size="sm" fw={600}>
              {message}
            </Text>
            <Text size="sm">{remedy}</Text>
            <Code>
              {path} {key}
            </Code>
          </div>
        ))}
      </Stack>
    </Alert>
  );
}

function Operation({ operation }: { operation: PlanOperation }) {
  const t = useWords(serviceWords);
  const lines = diffLines(operation);
  const valueOf = (value: string) => (value === REDACTED ? t('redacted') : value === '' ? t('unset') : value);
  return (
    <div>
      <Group gap="xs" wrap="nowrap" mb={2}>
        <Badge color={COLOURS[operation.op]} variant="light" tt="none" size="sm" ff="monospace" flex="none">
          {operation.op}
        </Badge>
        <Text size="sm" fw={600} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {operation.key}
        </Text>
      </Group>
      <Stack gap={0} pl="xs" component="ul" m={0} style={{ listStyle: 'none' }}>
        {lines.map((line) => (
          <Text
            key={line.property}
            component="li"
            size="xs"
            ff="monospace"
            c={LINE_COLOURS[line.sign]}
            style={{ overflowWrap: 'anywhere' }}
          >
            <LongValue text={`${line.sign} ${line.property} = ${valueOf(line.value)}`} />
            <Before line={line} />
          </Text>
        ))}
      </Stack>
    </div>
  );
}

function Before({ line }: { line: DiffLine }) {
  const t = useWords(serviceWords);
  if (line.before === undefined) return null;
  const before = line.before === null || line.before === '' ? t('unset') : line.before;
  return (
    <Text component="span" inherit c="dimmed">
      {' '}
      <LongValue text={`(${t('was', { value: before })})`} />
    </Text>
  );
}
