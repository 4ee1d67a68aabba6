import { List, Table, Text } from '@mantine/core';
import { previewPackage, type RadiusPreviewLine } from '@turnpike/contracts/packages.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Loaded } from '../../kit/loaded.js';
import { Section } from '../../kit/section.js';
import { useWords } from '../../words/use-words.js';
import { packagesWords } from './packages-words.js';

/** What the first login on a package tells the router. */
export function RadiusPreview({ packageId }: { packageId: string }) {
  const t = useWords(packagesWords);
  const asked = useEndpoint(previewPackage, { params: { id: packageId } }, { keepPrevious: true });
  return (
    <Section title={t('radius')} about={t('radiusAbout')}>
      <Loaded asked={asked} height={260}>
        {({ attributes, fairUse, conditions }) => (
          <>
            <Lines caption={t('radius')} lines={attributes} />
            {fairUse.length === 0 ? null : (
              <>
                <Heading>{t('radiusFairUse')}</Heading>
                <Lines caption={t('radiusFairUse')} lines={fairUse} />
              </>
            )}
            <Heading>{t('radiusConditions')}</Heading>
            <List size="sm" lang="en">
              {conditions.map((text) => (
                <List.Item key={text}>{text}</List.Item>
              ))}
            </List>
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Heading({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed" fw={600} mt="sm" mb={4}>
      {children}
    </Text>
  );
}

function Lines({ caption, lines }: { caption: string; lines: readonly RadiusPreviewLine[] }) {
  const t = useWords(packagesWords);
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table verticalSpacing={6} layout="fixed" lang="en">
        <caption hidden>{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {(['radiusAttribute', 'radiusWords'] as const).map((key) => (
              <Table.Th key={key} scope="col">
                <Text size="xs" c="dimmed" fw={600} span>
                  {t(key)}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ name, value, words }) => (
            <Table.Tr key={`${name} ${value}`}>
              <Table.Td valign="top">
                <Text size="sm">{name}</Text>
                <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </Table.Td>
              <Table.Td valign="top">
                <Text size="sm">{words}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
