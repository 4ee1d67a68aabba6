import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/api-problem.js';
import { Refusal } from './refusal.js';

interface Props<Answer> {
  readonly asked: {
    readonly data: Answer | undefined;
    readonly error: ApiProblem | null;
    readonly refetch: () => unknown;
  };
  /** Height that is kept free meanwhile, px. */
  readonly height?: number;
  readonly children: (answer: Answer) => ReactNode;
}

/** What an endpoint answered, once it has. */
export function Loaded<Answer>({ asked, height = 160, children }: Props<Answer>) {
  if (asked.data !== undefined) return <>{children(asked.data)}</>;
  if (asked.error !== null) return <Refusal problem={asked.error} again={() => void asked.refetch()} />;
  return <Skeleton h={height} />;
}
