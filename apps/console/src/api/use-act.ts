import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { Endpoint } from '@turnpike/contracts/endpoint.js';
import type { z } from 'zod';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { apiWords } from './api-words.js';
import { ApiProblem } from './api-problem.js';
import { call, type CallInput } from './call.js';
import { lineOf } from './problem-text.js';
import { randomKey } from './random-key.js';
import { confirmIdentity } from './step-up.js';

interface Act<Answer> {
  /** What happened, in a sentence; shown for some seconds. Undefined: nothing is shown. */
  readonly says?: ((answer: Answer) => string) | undefined;
  readonly onDone?: ((answer: Answer) => void) | undefined;
  /** True: the caller shows the problem itself, beside the fields. */
  readonly ownProblem?: boolean;
}

/**
 * Changes something: asks for the password again where the API wants it, says what happened, and makes the answers of the
 * endpoint's tag old. A call is made with an Idempotency-Key, so that a repeated one does nothing twice.
 */
export function useAct<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  { says, onDone, ownProblem = false }: Act<z.output<R>> = {},
): UseMutationResult<z.output<R>, ApiProblem, CallInput<P, Q, B>> {
  const queries = useQueryClient();
  const t = useWords(apiWords);
  const language = useLanguage();
  return useMutation<z.output<R>, ApiProblem, CallInput<P, Q, B>>({
    mutationFn: (input) => callConfirmed(endpoint, input),
    onSuccess: async (answer) => {
      if (says !== undefined) notifications.show({ color: 'green', message: says(answer) });
      onDone?.(answer);
      await queries.invalidateQueries({ queryKey: [endpoint.tag] });
    },
    onError: (problem) => {
      if (ownProblem || problem.code === 'step_up_required') return;
      const about = problem.requestId === '' ? problem.code : `${problem.code} · ${problem.requestId}`;
      notifications.show({
        color: 'red',
        title: t('notDone'),
        message: `${lineOf(problem, language)} (${about})`,
        autoClose: 12_000,
      });
    },
  });
}

async function callConfirmed<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B>,
): Promise<z.output<R>> {
  const options = endpoint.method === 'get' ? {} : { idempotencyKey: randomKey() };
  try {
    return await call(endpoint, input, options);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step_up_required') throw error;
    if (!(await confirmIdentity())) throw error;
    return call(endpoint, input, options);
  }
}
