import { getCacheStats, invalidateCache } from '@turnpike/contracts/operations.js';
import { useState } from 'react';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { Confirm } from '../../kit/confirm.js';
import { Facts } from '../../kit/facts.js';
import { octetsText } from '../../kit/figures.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import type { SayOf } from '../../words/say-of.js';
import { useWords } from '../../words/use-words.js';
import { healthWords } from './health-words.js';

/** The capacity model of the product counts on more. */
const LEAST_RATE = 0.6;

/** How well the caches work, and a way to empty them. */
export function CacheSection() {
  const t = useWords(healthWords);
  const [isAsking, setAsking] = useState(false);
  const asked = useEndpoint(getCacheStats);
  const act = useAct(invalidateCache, { says: () => t('emptied') });
  return (
    <Section
      title={t('caches')}
      about={t('cacheAbout')}
      actions={
        <Action needs="operations:write" variant="default" size="xs" onClick={() => setAsking(true)}>
          {t('empty')}
        </Action>
      }
    >
      <Loaded asked={asked} height={48}>
        {({ hits, misses, hitRate, usedMemoryBytes, maxMemoryBytes, evictedKeys }) => (
          <Facts
            facts={[
              { label: t('hitRate'), value: rateText(hitRate, evictedKeys, t) },
              { label: t('hits'), value: hits },
              { label: t('misses'), value: misses },
              { label: t('memory'), value: memoryText(usedMemoryBytes, maxMemoryBytes, t) },
              { label: t('evicted'), value: evictedKeys },
            ]}
          />
        )}
      </Loaded>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('emptyTitle')}
        consequences={t('emptyText')}
        verb={t('empty')}
        isBusy={act.isPending}
        onConfirm={() => act.mutate({}, { onSettled: () => setAsking(false) })}
      />
    </Section>
  );
}

function rateText(rate: number | null, evicted: number, t: SayOf<typeof healthWords>): string {
  if (rate === null) return t('noHits');
  const text = `${Math.round(rate * 100)} %`;
  return rate < LEAST_RATE && evicted > 0 ? `${text} (${t('hitRateLow')})` : text;
}

function memoryText(usedBytes: number, maxBytes: number, t: SayOf<typeof healthWords>): string {
  const used = octetsText(BigInt(usedBytes));
  return maxBytes === 0 ? t('noLimit', { used }) : t('memoryOf', { used, max: octetsText(BigInt(maxBytes)) });
}
