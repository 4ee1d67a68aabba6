import { Skeleton } from '@mantine/core';
import { Suspense, lazy } from 'react';
import { useMe } from '../session/session.js';

const DashboardPage = lazy(async () => ({ default: (await import('./dashboard/dashboard-page.js')).DashboardPage }));
const SellingPage = lazy(async () => ({ default: (await import('./agents/selling-page.js')).SellingPage }));

/** The page that work begins with: agents sell, all others look after the network. */
export function FrontPage() {
  const { role } = useMe();
  return <Suspense fallback={<Skeleton h={420} />}>{role === 'agent' ? <SellingPage /> : <DashboardPage />}</Suspense>;
}
