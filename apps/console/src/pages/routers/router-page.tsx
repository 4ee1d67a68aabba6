import { Button, Group, ScrollArea, Tabs } from '@mantine/core';
import { getRouter, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { Link, useParams } from 'react-router';
import { useEndpoint } from '../../api/use-endpoint.js';
import { CopyAs } from '../../kit/copy-as.js';
import { Loaded } from '../../kit/loaded.js';
import { oneOf } from '../../kit/one-of.js';
import { Page } from '../../kit/page.js';
import { useFilters } from '../../kit/use-filters.js';
import { useWords } from '../../words/use-words.js';
import { RouterActions } from './router-actions.js';
import { routerCommand } from './router-commands.js';
import { RouterInterfaces } from './router-interfaces.js';
import { RouterOverview } from './router-overview.js';
import { RouterRuns } from './router-runs.js';
import { RouterServices } from './router-services.js';
import { RouterSetup } from './router-setup.js';
import { Deployment, Reachability } from './router-states.js';
import { routerWords } from './router-words.js';
import { routersWords } from './routers-words.js';

const tabs = ['overview', 'interfaces', 'services', 'runs', 'setup'] as const;
type Tab = (typeof tabs)[number];

/** One router; the tab is in the address. */
export function RouterPage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getRouter, { params: { id } });
  return (
    <Loaded asked={asked} height={420}>
      {(router) => <Router router={router} />}
    </Loaded>
  );
}

function Router({ router }: { router: RouterDetailsView }) {
  const t = useWords(routerWords);
  const routers = useWords(routersWords);
  const [filters, setFilters] = useFilters(['tab']);
  const tab = oneOf(tabs, filters.tab) ?? 'overview';
  return (
    <Page
      title={router.name}
      trail={[{ label: routers('title'), to: '/routers' }]}
      badge={
        <Group gap="xs">
          <Reachability status={router.status} />
          <Deployment state={router.deployment} />
        </Group>
      }
      actions={
        <>
          <CopyAs
            endpoint={getRouter}
            input={{ params: { id: router.id } }}
            command={routerCommand('show', router.name)}
          />
          <RouterActions router={router} />
          {router.deployment === 'not_started' ? (
            <Button component={Link} to={`/routers/new?router=${router.id}&step=${stepOf(router)}`}>
              {t('goOn')}
            </Button>
          ) : null}
        </>
      }
    >
      <Tabs
        value={tab}
        onChange={(chosen) => setFilters({ tab: chosen === 'overview' ? '' : (chosen ?? '') })}
        keepMounted={false}
      >
        <ScrollArea type="never">
          <Tabs.List mb="md" style={{ flexWrap: 'nowrap' }} aria-label={router.name}>
            {tabs.map((name) => (
              <Tabs.Tab key={name} value={name} style={{ whiteSpace: 'nowrap' }}>
                {t(name)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </ScrollArea>
        <Tabs.Panel value={tab}>
          <Part tab={tab} router={router} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Part({ tab, router }: { tab: Tab; router: RouterDetailsView }) {
  switch (tab) {
    case 'overview':
      return <RouterOverview router={router} />;
    case 'interfaces':
      return <RouterInterfaces router={router} />;
    case 'services':
      return <RouterServices router={router} />;
    case 'runs':
      return <RouterRuns router={router} />;
    case 'setup':
      return <RouterSetup router={router} />;
  }
}

/** Where the wizard is gone on with. */
function stepOf({ status }: RouterDetailsView): 'paste' | 'services' {
  return status === 'pending' ? 'paste' : 'services';
}
