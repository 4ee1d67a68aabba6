import { me } from '@turnpike/contracts/auth.js';
import type { Permission } from '@turnpike/contracts/permissions.js';
import { createContext, useContext, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { ApiProblem } from '../api/api-problem.js';
import { call } from '../api/call.js';
import { SIGNED_IN_KEY } from '../api/queries.js';

export type Me = z.output<typeof me.response>;

const Session = createContext<Me | undefined>(undefined);

/** Who is signed in, for everything below. */
export function SessionOf({ operator, children }: { operator: Me; children: ReactNode }) {
  return <Session.Provider value={operator}>{children}</Session.Provider>;
}

/** The operator; only below `SessionOf`. */
export function useMe(): Me {
  const operator = useContext(Session);
  if (operator === undefined) throw new Error('nobody is signed in here');
  return operator;
}

/** Whether the operator's role (or token) allows it, by the permission table of the API. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

/** Asks who is signed in: null nobody, undefined not known yet. */
export function useSignedIn(): { readonly operator: Me | null | undefined; readonly problem: ApiProblem | null } {
  const asked = useQuery<Me | null, ApiProblem>({
    queryKey: SIGNED_IN_KEY,
    queryFn: async ({ signal }) => {
      try {
        return await call(me, {}, { signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
  });
  return { operator: asked.data, problem: asked.error };
}
