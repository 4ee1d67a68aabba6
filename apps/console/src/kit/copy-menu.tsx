import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconClipboard, IconTerminal2 } from '@tabler/icons-react';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { useWords } from '../words/use-words.js';
import { copyText } from './copy-text.js';
import { curlOf } from './curl.js';
import { kitWords } from './kit-words.js';

export interface Copied {
  readonly endpoint: Endpoint;
  readonly input?: { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };
  /** The same with the command line, without `turnpike`; undefined: there is no such command. */
  readonly command?: string;
}

/** The menu behind `CopyAs`, opened when it is drawn. The token is left for the reader to fill in. */
export function CopyMenu({ endpoint, input = {}, command }: Copied) {
  const t = useWords(kitWords);
  const copy = async (text: string) => {
    await copyText(text);
    notifications.show({ message: t('copied'), color: 'green', autoClose: 1_500 });
  };
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('copy')}>
          <IconTerminal2 size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconClipboard size={16} />}
          onClick={() => void copy(curlOf(globalThis.location.origin, endpoint, input))}
        >
          {t('copyCurl')}
        </Menu.Item>
        {command === undefined ? null : (
          <Menu.Item leftSection={<IconTerminal2 size={16} />} onClick={() => void copy(`npx turnpike ${command}`)}>
            {t('copyCli')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
