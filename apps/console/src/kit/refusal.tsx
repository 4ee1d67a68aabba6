import { Alert, Button, Code, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ApiProblem } from '../api/api-problem.js';
import { headlineOf, issueText, sentenceOf } from '../api/problem-text.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { kitWords } from './kit-words.js';

/** Why something was not done, with what to tell us of it. */
export function Refusal({ problem, again }: { problem: ApiProblem; again?: () => void }) {
  const t = useWords(kitWords);
  const language = useLanguage();
  const [headline, sentence] = [headlineOf(problem, language), sentenceOf(problem)];
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert" w="100%">
      <Text size="sm" fw={600}>
        {headline ?? problem.message}
      </Text>
      {headline === undefined || sentence === undefined ? null : (
        <Text size={language === 'en' ? 'sm' : 'xs'} lang="en" mt={2}>
          {sentence}
        </Text>
      )}
      {problem.issues.length === 0 ? null : (
        <List size="sm" mt={4}>
          {problem.issues.map((issue) => (
            <List.Item key={`${issue.path} ${issue.message}`}>
              <b>{issue.path}</b> {issueText(problem, issue, language)}
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
