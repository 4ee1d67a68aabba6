import { Button, Grid, Group, Stack, Text } from '@mantine/core';
import { createPackage, getPackage, updatePackage, type PackageView } from '@turnpike/contracts/packages.js';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ApiProblem } from '../../api/api-problem.js';
import { useAct } from '../../api/use-act.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { Action } from '../../kit/action.js';
import { CopyAs } from '../../kit/copy-as.js';
import { isId } from '../../kit/is-id.js';
import { tellsMore } from '../../kit/issue-of.js';
import { Loaded } from '../../kit/loaded.js';
import { Page } from '../../kit/page.js';
import { Refusal } from '../../kit/refusal.js';
import { Section } from '../../kit/section.js';
import { soldTermsWords } from '../../kit/sold-terms-words.js';
import { termsText } from '../../kit/sold-terms.js';
import { useWords } from '../../words/use-words.js';
import { OfferFields, SaleFields, TimeFields } from './basic-fields.js';
import { SpeedFields } from './speed-fields.js';
import { PlaceFields } from './place-fields.js';
import { NoPackage } from './package-page.js';
import { bodyOf, draftOf, newDraft, termsOfDraft, type PackageDraft } from './package-draft.js';
import { packagesWords } from './packages-words.js';
import { RadiusPreview } from './radius-preview.js';

/** What all parts of the form take. */
export interface FieldsProps {
  readonly draft: PackageDraft;
  readonly onChange: (change: Partial<PackageDraft>) => void;
  readonly problem: ApiProblem | null;
}

const FIELDS = [
  ...['name', 'type', 'priceMinor', 'currency', 'validForSeconds', 'validFrom', 'onlineSeconds', 'quotaOctets'],
  ...['downKbps', 'upKbps', 'burst', 'fairUse', 'devices', 'schedule', 'timeZone', 'sites', 'routerIds'],
  ...['macLogin', 'onRepeat', 'visibility', 'description'],
];

export function NewPackagePage() {
  const t = useWords(packagesWords);
  const navigate = useNavigate();
  const create = useAct(createPackage, {
    ownProblem: true,
    says: ({ name }) => t('created', { name }),
    onDone: ({ id }) => void navigate(`/packages/${id}`),
  });
  const [draft, setDraft] = useState(newDraft);
  return (
    <Page
      title={t('newTitle')}
      trail={[{ label: t('title'), to: '/packages' }]}
      actions={<CopyAs endpoint={createPackage} input={{ body: bodyOf(draft) }} />}
    >
      <Editor
        draft={draft}
        onChange={(change) => setDraft({ ...draft, ...change })}
        problem={create.error}
        isNew
        isBusy={create.isPending}
        backTo="/packages"
        onSubmit={() => create.mutate({ body: bodyOf(draft) })}
      />
    </Page>
  );
}

export function EditPackagePage() {
  const { id = '' } = useParams();
  const asked = useEndpoint(getPackage, { params: { id } }, { enabled: isId(id) });
  if (!isId(id) || asked.error?.status === 404) return <NoPackage />;
  return (
    <Loaded asked={asked} height={480}>
      {(item) => <EditPackage key={item.id} item={item} />}
    </Loaded>
  );
}

function EditPackage({ item }: { item: PackageView }) {
  const t = useWords(packagesWords);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(item));
  const to = `/packages/${item.id}`;
  const { type: _type, ...body } = bodyOf(draft);
  const save = useAct(updatePackage, {
    ownProblem: true,
    says: ({ name }) => t('saved', { name }),
    onDone: () => void navigate(to),
  });
  return (
    <Page
      title={t('editTitle', { name: item.name })}
      about={t('editAbout')}
      trail={[
        { label: t('title'), to: '/packages' },
        { label: item.name, to },
      ]}
      actions={<CopyAs endpoint={updatePackage} input={{ params: { id: item.id }, body }} />}
    >
      <Editor
        draft={draft}
        onChange={(change) => setDraft({ ...draft, ...change })}
        problem={save.error}
        saved={item}
        isBusy={save.isPending}
        backTo={to}
        onSubmit={() => save.mutate({ params: { id: item.id }, body })}
      />
    </Page>
  );
}

interface EditorProps extends FieldsProps {
  readonly isNew?: boolean;
  readonly saved?: PackageView;
  readonly isBusy: boolean;
  readonly backTo: string;
  readonly onSubmit: () => void;
}

function Editor({ isNew = false, saved, isBusy, backTo, onSubmit, ...fields }: EditorProps) {
  const t = useWords(packagesWords);
  const terms = useWords(soldTermsWords);
  const { draft, problem } = fields;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack>
            <OfferFields {...fields} isNew={isNew} />
            <TimeFields {...fields} />
            <SpeedFields {...fields} />
            <PlaceFields {...fields} />
            <SaleFields {...fields} />
            {tellsMore(problem, FIELDS) ? <Refusal problem={problem} /> : null}
            <Group justify="flex-end">
              <Button variant="default" component={Link} to={backTo}>
                {t('cancel')}
              </Button>
              <Action needs="packages:write" type="submit" loading={isBusy}>
                {t(isNew ? 'create' : 'save')}
              </Action>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack pos="sticky" top={72}>
            <Section title={t('preview')}>
              <Text aria-live="polite">{termsText(termsOfDraft(draft), terms)}</Text>
            </Section>
            {saved === undefined ? (
              <Section title={t('radius')} about={t('radiusLater')}>
                {null}
              </Section>
            ) : (
              <RadiusPreview packageId={saved.id} />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </form>
  );
}
