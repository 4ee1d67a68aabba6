import { Suspense, lazy, useEffect, useState } from 'react';

const StepUpDialog = lazy(async () => ({ default: (await import('./step-up-dialog.js')).StepUpDialog }));

type Answer = (confirmed: boolean) => void;

// The one place of the page where it is asked, while that is drawn: whoever changes something is far from it.
let ask: ((answer: Answer) => void) | undefined;

/** Asks for the password or a code once more; false when the person would rather not. */
export function confirmIdentity(): Promise<boolean> {
  return new Promise((resolve) => (ask === undefined ? resolve(false) : ask(resolve)));
}

/** Where `confirmIdentity` asks. */
export function StepUp() {
  const [answer, setAnswer] = useState<Answer | undefined>();
  useEffect(() => {
    ask = (next) => setAnswer(() => next);
    return () => {
      ask = undefined;
    };
  }, []);
  if (answer === undefined) return null;
  const end = (confirmed: boolean) => {
    answer(confirmed);
    setAnswer(undefined);
  };
  return (
    <Suspense>
      <StepUpDialog onEnd={end} />
    </Suspense>
  );
}
