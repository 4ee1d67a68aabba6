import { Alert, Button, Code, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ApiProblem } from '../api/api-problem.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

/** Why something was not done, with what to tell us of it. */
export function Refusal({ problem, again }: { problem: ApiProblem; again?: () => void }) {
  const t = useWords(kitWords);
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert" w="100%">
      <Text size="sm">{problem.code === 'offline' ? t('retrying') : problem.message}</Text>
      {problem.issues.length === 0 ? null : (
        <List size="sm" mt={4}>
          {problem.issues.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              <b>{path}</b> {message}
            </List.Item>
          ))}
        </List>
      )}
      <Group mt="xs" gap="sm">
        <Code>{problem.code}</Code>
        {problem.requestId === '' ? null : <Code>{t('requestId', { id: problem.requestId })}</Code>}
        {again === undefined ? null : (
          <Button size="xs" variant="default" onClick={again}>
            {t('again')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
