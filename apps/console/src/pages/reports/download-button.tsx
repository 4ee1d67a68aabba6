import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import { useState } from 'react';
import type { z } from 'zod';
import { callForFile, type CallInput } from '../../api/call.js';
import { saveFile } from '../../kit/save-file.js';
import { useWords } from '../../words/use-words.js';
import { reportWords } from './report-words.js';

interface Props<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly endpoint: Endpoint<P, Q, B, R>;
  /** Undefined: it cannot be asked now. */
  readonly input: CallInput<P, Q, B> | undefined;
  readonly fileName: string;
  /** Left out: "Download CSV". */
  readonly label?: string;
}

/** What an endpoint answers, as a table for a spreadsheet. */
export function DownloadButton<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>({
  endpoint,
  input,
  fileName,
  label,
}: Props<P, Q, B, R>) {
  const t = useWords(reportWords);
  const [isBusy, setBusy] = useState(false);
  const download = async () => {
    if (input === undefined) return;
    setBusy(true);
    try {
      saveFile(await callForFile(endpoint, input, { accept: 'text/csv' }), fileName);
    } catch (error) {
      notifications.show({ color: 'red', message: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={isBusy}
      disabled={input === undefined}
      onClick={() => void download()}
    >
      {label ?? t('download')}
    </Button>
  );
}
