import { definitionOf } from '@turnpike/queue/catalogue.js';
import type { JobHandlers } from '@turnpike/queue/runner.js';
import { sweepNotices, type NoticesSweepDeps } from './notices-sweep.js';
import { sendNotification, type SendingDeps } from './notification-sending.js';

export type NotificationJobsDeps = SendingDeps & NoticesSweepDeps;

export function notificationJobs(deps: NotificationJobsDeps): Pick<JobHandlers, 'notification.send' | 'notices.sweep'> {
  const { attempts } = definitionOf('notification.send');
  return {
    'notification.send': ({ notificationId }, { signal, attempt }) =>
      sendNotification(deps, notificationId, { signal, last: attempt >= attempts }),
    'notices.sweep': (_nothing, { signal }) => sweepNotices(deps, signal),
  };
}
