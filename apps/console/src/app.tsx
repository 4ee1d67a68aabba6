import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { I18nextProvider } from 'react-i18next';
import { useState } from 'react';
import { BrowserRouter } from 'react-router';
import { createQueries } from './api/queries.js';
import { StepUpDialog } from './api/step-up.js';
import { Guard } from './shell/guard.js';
import { styleNonce } from './style-nonce.js';
import { theme } from './theme.js';
import { createWords } from './words/language.js';

/** Everything a page needs around it. */
export function App() {
  const [queries] = useState(createQueries);
  const [words] = useState(createWords);
  return (
    <I18nextProvider i18n={words}>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" />
          <StepUpDialog />
          <BrowserRouter basename="/console">
            <Guard />
          </BrowserRouter>
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}
