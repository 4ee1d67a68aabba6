import { Progress, Stack, Stepper, Text } from '@mantine/core';
import { getRouter, type RouterDetailsView } from '@turnpike/contracts/routers.js';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useEndpoint } from '../../../api/use-endpoint.js';
import { Loaded } from '../../../kit/loaded.js';
import { Page } from '../../../kit/page.js';
import { useFilters } from '../../../kit/use-filters.js';
import { useWords } from '../../../words/use-words.js';
import { routersWords } from '../routers-words.js';
import { addSteps, addressOf, furthestStep, isWithin, stepOf, type AddStep } from './add-step.js';
import { addWords } from './add-words.js';
import { DeployStep } from './deploy-step.js';
import { DoneStep } from './done-step.js';
import { NameStep } from './name-step.js';
import { OnlineStep } from './online-step.js';
import { PasteStep } from './paste-step.js';
import { PlanStep } from './plan-step.js';
import { ServicesStep } from './services-step.js';

/** From a name to customers online. Router and step are in the address, so that it can be left and come back to. */
export function NewRouterPage() {
  const t = useWords(addWords);
  const routers = useWords(routersWords);
  const [{ router: id, step }] = useFilters(['router', 'step']);
  const asked = useEndpoint(getRouter, { params: { id } }, { enabled: id !== '' });
  const name = asked.data?.name;
  const current = stepOf(step, id !== '');
  // A step begins at its top, wherever the one before was left.
  useEffect(() => {
    globalThis.scrollTo(0, 0);
  }, [current]);
  return (
    <Page
      title={name === undefined ? t('title') : t('setUp', { name })}
      {...(id === '' ? {} : { about: t('later') })}
      trail={[
        { label: routers('title'), to: '/routers' },
        ...(name === undefined ? [] : [{ label: name, to: `/routers/${id}` }]),
      ]}
    >
      <Stack maw={960} w="100%">
        <Steps current={current} router={asked.data} />
        {id === '' ? (
          <NameStep />
        ) : (
          <Loaded asked={asked} height={320}>
            {(router) => <Step step={current} router={router} />}
          </Loaded>
        )}
      </Stack>
    </Page>
  );
}

function Step({ step, router }: { step: AddStep; router: RouterDetailsView }) {
  switch (step) {
    case 'name':
    case 'paste':
      return <PasteStep router={router} />;
    case 'online':
      return <OnlineStep router={router} />;
    case 'services':
      return <ServicesStep router={router} />;
    case 'plan':
      return <PlanStep router={router} />;
    case 'deploy':
      return <DeployStep router={router} />;
    case 'done':
      return <DoneStep router={router} />;
  }
}

/** Where one is; steps that the router has reached can be gone to. */
function Steps({ current, router }: { current: AddStep; router: RouterDetailsView | undefined }) {
  const t = useWords(addWords);
  const navigate = useNavigate();
  const number = addSteps.indexOf(current);
  const furthest = router === undefined ? 'name' : furthestStep(router);
  const go = (index: number) => {
    const step = addSteps[index];
    if (router !== undefined && step !== undefined) void navigate(addressOf(step, router.id));
  };
  return (
    <>
      <Stack gap={4} hiddenFrom="md">
        <Text size="sm" fw={600}>
          {t('step', { number: number + 1, count: addSteps.length })}: {t(current)}
        </Text>
        <Progress value={((number + 1) / addSteps.length) * 100} aria-hidden />
      </Stack>
      <Stepper active={number} onStepClick={go} size="xs" visibleFrom="md" iconSize={28}>
        {addSteps.map((step) => (
          <Stepper.Step
            key={step}
            label={t(step)}
            allowStepSelect={step !== 'name' && router !== undefined && isWithin(step, furthest)}
            aria-current={step === current ? 'step' : undefined}
          />
        ))}
      </Stepper>
    </>
  );
}
