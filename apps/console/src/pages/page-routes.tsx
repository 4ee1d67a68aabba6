import { Skeleton, Stack } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { BrokenPage } from '../shell/broken-page.js';
import { NotFoundPage } from '../shell/not-found-page.js';
import type { PageRoute } from './page-route.js';
import { pages } from './pages.js';

/** Shows the page of the address; when it breaks, the frame around it stays. */
export function PageRoutes() {
  const { pathname } = useLocation();
  const [shown] = useState(() => pages.map(shownLazily));
  return (
    <BrokenPage key={pathname}>
      <Suspense fallback={<Waiting />}>
        <Routes>
          {shown.map(({ path, Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
    </BrokenPage>
  );
}

function shownLazily({ path, load }: PageRoute) {
  return { path, Page: lazy(async () => ({ default: await load() })) };
}

/** About the height of a title and a list, so that nothing jumps. */
function Waiting() {
  return (
    <Stack maw={1600} mx="auto">
      <Skeleton h={36} w={240} />
      <Skeleton h={420} />
    </Stack>
  );
}
