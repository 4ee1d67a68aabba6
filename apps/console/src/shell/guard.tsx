import { Center, Loader } from '@mantine/core';
import { SessionOf, useSignedIn } from '../session/session.js';
import { Refusal } from '../kit/refusal.js';
import { Suspense, lazy } from 'react';
import { Shell } from './shell.js';

const SignInPage = lazy(async () => ({ default: (await import('../session/sign-in-page.js')).SignInPage }));

/** The page for whoever is signed in, else the way in; the address stays, so that the page comes after it. */
export function Guard() {
  const { operator, problem } = useSignedIn();
  if (operator === null) {
    return (
      <Suspense>
        <SignInPage />
      </Suspense>
    );
  }
  if (operator !== undefined) {
    return (
      <SessionOf operator={operator}>
        <Shell />
      </SessionOf>
    );
  }
  return <Center mih="100dvh">{problem === null ? <Loader /> : <Refusal problem={problem} />}</Center>;
}
