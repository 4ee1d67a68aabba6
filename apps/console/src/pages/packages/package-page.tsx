import { Stack, Text } from '@mantine/core';
import { getPackage, type SoldPackageView } from '@turnpike/contracts/packages.js';
import { moneyText } from '@turnpike/core/money.js';
import { useParams } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Facts } from '../../kit/facts.js';
import { rateText } from '../../kit/figures.js';
import { isId } from '../../kit/is-id.js';
import { Loaded } from '../../kit/loaded.js';
import { NotThere } from '../../kit/not-there.js';
import { Page } from '../../kit/page.js';
import { Section } from '../../kit/section.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { sizeText, termsText, timeText } from '../../kit/sold-terms.js';
import { useWords } from '../../words/use-words.js';
import { PackageActs } from './package-acts.js';
import { burstText, fairUseText, hoursText, placesText, validityText } from './package-facts.js';
import { PackageState } from './package-state.js';
import { packagesWords } from './packages-words.js';
import { RadiusPreview } from './radius-preview.js';

/** One package: its terms in words, and what they are for routers. */
export function PackagePage() {
  const t = useWords(packagesWords);
  const { id = '' } = useParams();
  const asked = useEndpoint(getPackage, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) return <NoPackage />;
  return (
    <Loaded asked={asked} height={480}>
      {(item) => (
        <Page
          title={item.name}
          trail={[{ label: t('title'), to: '/packages' }]}
          badge={<PackageState item={item} />}
          actions={
            <>
              <CopyAs endpoint={getPackage} input={{ params: { id } }} />
              <PackageActs item={item} />
            </>
          }
        >
          <Stack>
            <Terms item={item} />
            <RadiusPreview packageId={id} />
          </Stack>
        </Page>
      )}
    </Loaded>
  );
}

export function NoPackage() {
  const t = useWords(packagesWords);
  return <NotThere title={t('notThere')} text={t('notThereText')} to="/packages" label={t('toList')} />;
}

function Terms({ item }: { item: SoldPackageView }) {
  const t = useWords(packagesWords);
  const terms = useWords(soldTermsWords);
  return (
    <Section title={t('facts')}>
      <Text size="xl" fw={600} className="figures">
        {moneyText(item.priceMinor, item.currency)}
      </Text>
      <Text mb="md">{termsText(item, terms)}</Text>
      <Facts
        facts={[
          ...(item.sold === null
            ? []
            : [
                { label: t('sold30'), value: item.sold.last30Days.toLocaleString('en') },
                { label: t('activeNow'), value: item.sold.activeNow.toLocaleString('en') },
              ]),
          { label: t('service'), value: terms(item.type) },
          { label: t('validity'), value: validityText(item, terms) },
          {
            label: t('rates'),
            value: terms('rate', { down: rateText(item.downKbps), up: rateText(item.upKbps) }),
          },
          { label: t('burst'), value: burstText(item, t) },
          { label: t('dataCap'), value: item.quotaOctets === null ? t('noLimit') : sizeText(item.quotaOctets) },
          {
            label: t('onlineTime'),
            value: item.onlineSeconds === null ? t('noLimit') : timeText(item.onlineSeconds, terms),
          },
          { label: t('fairUse'), value: fairUseText(item, t) },
          { label: t('devices'), value: item.devices },
          { label: t('hours'), value: hoursText(item, t) },
          { label: t('places'), value: placesText(item, t) },
          { label: t('macLogin'), value: t(item.macLogin ? 'macLoginOn' : 'macLoginOff') },
          { label: t('repeat'), value: t(`rep_${item.onRepeat}`) },
          { label: t('visibility'), value: t(`vis_${item.visibility}`) },
          { label: t('description'), value: item.description === '' ? t('none_') : item.description },
        ]}
      />
    </Section>
  );
}
