import { List, Text } from '@mantine/core';
import type { ServiceConfig } from '@turnpike/contracts/provisioning.js';
import { useWords } from '../../words/use-words.js';
import { serviceWords } from './service-words.js';

/** Services in a line each. */
export function ServiceSummary({ services }: { services: readonly ServiceConfig[] }) {
  const t = useWords(serviceWords);
  return (
    <List size="sm" spacing={4} listStyleType="none">
      {services.map((service) => (
        <List.Item key={JSON.stringify(service)}>
          <Text span inherit fw={600}>
            {t(service.type)}
          </Text>{' '}
          {t('on', { interfaces: service.interfaces.join(', ') })}
          <Text size="xs" c="dimmed">
            {service.type === 'hotspot'
              ? t('hotspotAddresses', { gateway: service.gateway })
              : t('pppoeAddresses', { pool: service.pool, name: service.serviceName })}
            {service.type === 'hotspot' && service.dnsName !== undefined ? ` · ${service.dnsName}` : ''}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
