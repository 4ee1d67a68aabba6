import { Button, Code, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useWords } from '../words/use-words.js';
import { shellWords } from './shell-words.js';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

/** Shows what is below, and says so when that throws. React takes only classes for this. */
export class BrokenPage extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Broken error={error} />;
  }
}

/** A page that threw, or whose code is gone because the server was upgraded. */
function Broken({ error }: { error: unknown }) {
  const t = useWords(shellWords);
  const text = error instanceof Error ? error.message : String(error);
  const isUpgrade = /dynamically imported module|module script/i.test(text);
  return (
    <Stack align="flex-start" p="xl" maw={640} role="alert">
      <Title order={1} size="h3">
        {t(isUpgrade ? 'newVersion' : 'broken')}
      </Title>
      <Text>{t(isUpgrade ? 'newVersionText' : 'brokenText')}</Text>
      {isUpgrade ? null : <Code block>{text}</Code>}
      <Button onClick={() => globalThis.location.reload()}>{t('reload')}</Button>
    </Stack>
  );
}
