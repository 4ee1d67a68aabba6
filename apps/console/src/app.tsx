import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { createQueries } from './api/queries.js';
import { StepUp } from './api/step-up.js';
import { Guard } from './shell/guard.js';
import { styleNonce } from './style-nonce.js';
import { theme } from './theme.js';
import { LanguageProvider } from './words/language.js';

// Nothing is told before something was done: what tells it need not be there first.
const Notices = lazy(async () => ({ default: (await import('./shell/notices.js')).Notices }));

/** Everything a page needs around it. */
export function App() {
  const [queries] = useState(createQueries);
  return (
    <LanguageProvider>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <QueryClientProvider client={queries}>
          <Suspense>
            <Notices />
          </Suspense>
          <StepUp />
          <BrowserRouter basename="/console">
            <Guard />
          </BrowserRouter>
        </QueryClientProvider>
      </MantineProvider>
    </LanguageProvider>
  );
}
