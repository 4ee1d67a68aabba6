import {
  ActionIcon,
  Button,
  Card,
  Collapse,
  Group,
  MultiSelect,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { getRouterInterfaces } from '@turnpike/contracts/routers.js';
import { useState } from 'react';
import type { z } from 'zod';
import { lineOf } from '../../api/problem-text.js';
import { useLanguage } from '../../words/language.js';
import { useWords } from '../../words/use-words.js';
import { serviceWords } from './service-words.js';
import { issueAt, suggestService, type DraftService, type Issue, type ServicesDraft } from './services-draft.js';
import { useAskedNow } from './use-asked-now.js';

interface Props {
  readonly routerId: string;
  readonly draft: ServicesDraft;
  readonly issues: readonly Issue[];
  readonly onChange: (draft: ServicesDraft) => void;
}

/** Bridges that a deploy made itself. */
const OURS = /^tp-(hotspot|pppoe)\d+$/;

type Interface = z.output<typeof getRouterInterfaces.response>['items'][number];

/** Services to put on a router, with its own interfaces to choose from. */
export function ServicesForm({ routerId, draft, issues, onChange }: Props) {
  const t = useWords(serviceWords);
  const language = useLanguage();
  const asked = useAskedNow(getRouterInterfaces, { params: { id: routerId } });
  const add = (type: DraftService['type']) => onChange([...draft, suggestService(type, draft)]);
  return (
    <Stack>
      {asked.error === null ? null : (
        <Text size="sm" c="dimmed">
          {t('readInterfaces')} ({lineOf(asked.error, language)})
        </Text>
      )}
      {draft.map((service, index) => (
        <ServiceFields
          // The place in the list is what a service is known by: it has no other name.
          key={index}
          service={service}
          interfaces={asked.data?.items}
          isReading={asked.isLoading}
          issueOf={(field) => issueAt(issues, `services.${index}.${field}`)}
          onChange={(changed) => onChange(draft.map((other, place) => (place === index ? changed : other)))}
          onRemove={() => onChange(draft.filter((_other, place) => place !== index))}
        />
      ))}
      {draft.length === 0 ? (
        <div>
          <Text fw={600}>{t('choose')}</Text>
          <Text size="sm" c="dimmed">
            {t('chooseText')}
          </Text>
        </div>
      ) : null}
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => add('hotspot')}>
          {t('addHotspot')}
        </Button>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => add('pppoe')}>
          {t('addPppoe')}
        </Button>
      </Group>
    </Stack>
  );
}

interface FieldsProps {
  readonly service: DraftService;
  readonly interfaces: readonly Interface[] | undefined;
  /** The router is being asked for them. */
  readonly isReading: boolean;
  readonly issueOf: (field: string) => string | undefined;
  readonly onChange: (service: DraftService) => void;
  readonly onRemove: () => void;
}

function ServiceFields({ service, interfaces, isReading, issueOf, onChange, onRemove }: FieldsProps) {
  const t = useWords(serviceWords);
  return (
    <Card withBorder component="fieldset" m={0}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <div>
          <Title order={3} size="h6">
            {t(service.type)}
          </Title>
          <Text size="sm" c="dimmed">
            {t(service.type === 'hotspot' ? 'hotspotAbout' : 'pppoeAbout')}
          </Text>
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('remove', { service: t(service.type) })}
          onClick={onRemove}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
      <Stack gap="sm">
        <InterfacesField
          interfaces={interfaces}
          isReading={isReading}
          value={service.interfaces}
          error={issueOf('interfaces') === undefined ? undefined : t('interfacesNone')}
          onChange={(chosen) => onChange({ ...service, interfaces: chosen })}
        />
        {service.type === 'hotspot' ? (
          <HotspotFields service={service} issueOf={issueOf} onChange={onChange} />
        ) : (
          <PppoeFields service={service} issueOf={issueOf} onChange={onChange} />
        )}
      </Stack>
    </Card>
  );
}

interface InterfacesProps {
  readonly interfaces: readonly Interface[] | undefined;
  readonly isReading: boolean;
  readonly value: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (names: string[]) => void;
}

function InterfacesField({ interfaces, isReading, value, error, onChange }: InterfacesProps) {
  const t = useWords(serviceWords);
  const common = { label: t('interfaces'), description: t('interfacesHelp'), required: true, error, onChange };
  if (interfaces === undefined && isReading) {
    // Nothing to type into yet: it would be gone when the list comes.
    return <MultiSelect {...common} disabled placeholder={t('reading')} value={[...value]} data={[...value]} />;
  }
  if (interfaces === undefined) return <TagsInput {...common} value={[...value]} />;
  const labelOf = ({ name, type, bridge, running, management }: Interface) => {
    if (management) return t('management', { name });
    const text = bridge === null ? t('plainInterface', { name, type }) : t('inBridge', { name, type, bridge });
    return running ? text : t('down', { text });
  };
  const known = interfaces.filter(({ name, type }) => type !== 'loopback' && !OURS.test(name));
  // What was deployed and is gone stays, so that it can be seen and taken out.
  const gone = value.filter((name) => known.every((other) => other.name !== name));
  return (
    <MultiSelect
      {...common}
      searchable
      value={[...value]}
      data={[
        ...known.map((found) => ({ value: found.name, label: labelOf(found), disabled: found.management })),
        ...gone.map((name) => ({ value: name, label: name })),
      ]}
    />
  );
}

type HotspotDraft = Extract<DraftService, { type: 'hotspot' }>;
type PppoeDraft = Extract<DraftService, { type: 'pppoe' }>;

interface DetailProps<Draft> {
  readonly service: Draft;
  readonly issueOf: (field: string) => string | undefined;
  readonly onChange: (service: Draft) => void;
}

function HotspotFields({ service, issueOf, onChange }: DetailProps<HotspotDraft>) {
  const t = useWords(serviceWords);
  const hidden = issueOf('dnsName') ?? issueOf('walledGarden');
  const [isOpen, setOpen] = useState(service.dnsName !== '' || service.walledGarden.length > 0);
  return (
    <>
      <TextInput
        label={t('gateway')}
        description={t('gatewayHelp')}
        required
        value={service.gateway}
        error={issueOf('gateway')}
        onChange={(event) => onChange({ ...service, gateway: event.currentTarget.value })}
      />
      <Switch
        label={t('isolation')}
        checked={service.clientIsolation}
        onChange={(event) => onChange({ ...service, clientIsolation: event.currentTarget.checked })}
      />
      <Switch
        label={t('take')}
        checked={service.takeInterfaces}
        onChange={(event) => onChange({ ...service, takeInterfaces: event.currentTarget.checked })}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('more')}
      </Button>
      <Collapse expanded={isOpen || hidden !== undefined}>
        <Stack gap="sm">
          <TextInput
            label={t('dnsName')}
            description={t('dnsNameHelp')}
            value={service.dnsName}
            error={issueOf('dnsName')}
            onChange={(event) => onChange({ ...service, dnsName: event.currentTarget.value })}
          />
          <TagsInput
            label={t('walledGarden')}
            description={t('walledGardenHelp')}
            value={service.walledGarden}
            error={issueOf('walledGarden')}
            onChange={(walledGarden) => onChange({ ...service, walledGarden })}
          />
        </Stack>
      </Collapse>
    </>
  );
}

function PppoeFields({ service, issueOf, onChange }: DetailProps<PppoeDraft>) {
  const t = useWords(serviceWords);
  return (
    <>
      <TextInput
        label={t('pool')}
        description={t('poolHelp')}
        required
        value={service.pool}
        error={issueOf('pool')}
        onChange={(event) => onChange({ ...service, pool: event.currentTarget.value })}
      />
      <TextInput
        label={t('serviceName')}
        description={t('serviceNameHelp')}
        required
        value={service.serviceName}
        error={issueOf('serviceName')}
        onChange={(event) => onChange({ ...service, serviceName: event.currentTarget.value })}
      />
    </>
  );
}
