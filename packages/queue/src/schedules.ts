import type { Redis } from '@turnpike/runtime/redis.js';
import { definitionOf, isJobName, queueNames, scheduledJobs } from './catalogue.js';
import { jobOptions, openQueue } from './producer.js';

/**
 * Makes Redis hold exactly the schedules of the catalogue; safe to call by every worker at every start.
 * Schedules that the catalogue no longer has are removed.
 */
export async function registerSchedules(options: { connection: Redis; prefix: string }): Promise<void> {
  for (const queueName of queueNames) {
    const queue = openQueue(queueName, options.connection, options.prefix);
    try {
      const wanted = scheduledJobs().filter(({ name }) => definitionOf(name).queue === queueName);
      for (const { name, everyMs } of wanted) {
        await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: jobOptions(name) });
      }
      for (const { key } of await queue.getJobSchedulers()) {
        if (!isJobName(key) || !wanted.some(({ name }) => name === key)) await queue.removeJobScheduler(key);
      }
    } finally {
      await queue.close();
    }
  }
}
