import type { RunState } from '@turnpike/contracts/provisioning.js';
import type { RouterRadius, RouterView } from '@turnpike/contracts/routers.js';
import { Status, type Tone } from '../../kit/status.js';
import type { AskedKey } from '../../words/define-words.js';
import { useWords } from '../../words/use-words.js';
import { stateWords } from './state-words.js';

type Key = AskedKey<keyof (typeof stateWords)['texts']['en']>;
interface Look {
  readonly tone: Tone;
  readonly key: Key;
}

export const reachabilities: Readonly<Record<RouterView['status'], Look>> = {
  pending: { tone: 'quiet', key: 'pending' },
  online: { tone: 'good', key: 'online' },
  offline: { tone: 'bad', key: 'offline' },
};

export const deployments: Readonly<Record<RouterView['deployment'], Look>> = {
  not_started: { tone: 'quiet', key: 'notStarted' },
  planned: { tone: 'quiet', key: 'planned' },
  deploying: { tone: 'busy', key: 'deploying' },
  verifying: { tone: 'busy', key: 'verifying' },
  active: { tone: 'good', key: 'active' },
  failed: { tone: 'bad', key: 'failed' },
  waiting_for_operator: { tone: 'warn', key: 'waitingForOperator' },
  drifted: { tone: 'warn', key: 'drifted' },
};

const radiusStates: Readonly<Record<RouterRadius['state'], Look>> = {
  silent: { tone: 'quiet', key: 'radiusSilent' },
  ok: { tone: 'good', key: 'radiusOk' },
  secret_mismatch: { tone: 'bad', key: 'radiusMismatch' },
  throttled: { tone: 'warn', key: 'radiusThrottled' },
};

export const runLooks: Readonly<Record<RunState, Look>> = {
  queued: { tone: 'quiet', key: 'queued' },
  connecting: { tone: 'busy', key: 'connecting' },
  preflight: { tone: 'busy', key: 'preflight' },
  backup: { tone: 'busy', key: 'backup' },
  planning: { tone: 'busy', key: 'planning' },
  applying: { tone: 'busy', key: 'applying' },
  verifying: { tone: 'busy', key: 'verifying' },
  succeeded: { tone: 'good', key: 'succeeded' },
  failed: { tone: 'bad', key: 'failed' },
  rolling_back: { tone: 'busy', key: 'rollingBack' },
  rolled_back: { tone: 'warn', key: 'rolledBack' },
  rollback_failed: { tone: 'bad', key: 'rollbackFailed' },
  waiting_for_operator: { tone: 'warn', key: 'waitingForOperator' },
  cancelled: { tone: 'quiet', key: 'cancelled' },
};

function Look({ look }: { look: Look }) {
  const t = useWords(stateWords);
  return <Status tone={look.tone}>{t(look.key)}</Status>;
}

/** Whether a router can be reached. */
export function Reachability({ status }: { status: RouterView['status'] }) {
  return <Look look={reachabilities[status]} />;
}

/** What has become of the services on it. */
export function Deployment({ state }: { state: RouterView['deployment'] }) {
  return <Look look={deployments[state]} />;
}

/** Whether its RADIUS packets are understood. */
export function RadiusState({ state }: { state: RouterRadius['state'] }) {
  return <Look look={radiusStates[state]} />;
}

export function RunStatus({ state, kind }: { state: RunState; kind: 'deploy' | 'rollback' }) {
  const look = runLooks[state];
  // Taking back is what a rollback is for.
  return <Look look={kind === 'rollback' && state === 'rolled_back' ? { ...look, tone: 'good' } : look} />;
}
