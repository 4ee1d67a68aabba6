import type { Permission, Role } from '@turnpike/contracts/permissions.js';
import {
  IconActivity,
  IconAlertTriangle,
  IconAddressBook,
  IconBook2,
  IconBuildingStore,
  IconChartBar,
  IconCoins,
  IconGauge,
  IconHistory,
  IconPackage,
  IconPlugConnected,
  IconRouter,
  IconSettings,
  IconStack2,
  IconTicket,
  type Icon,
} from '@tabler/icons-react';

export interface NavigationEntry {
  readonly key:
    | 'dashboard'
    | 'alerts'
    | 'selling'
    | 'routers'
    | 'sessions'
    | 'customers'
    | 'packages'
    | 'vouchers'
    | 'payments'
    | 'ledger'
    | 'agents'
    | 'reports'
    | 'audit'
    | 'queues'
    | 'health'
    | 'settings';
  readonly path: string;
  readonly icon: Icon;
  /** Who may see the page; undefined: everybody who is signed in. */
  readonly needs: Permission | undefined;
  /** Only for this role, though others may do it too. */
  readonly only?: Role;
}

export interface NavigationGroup {
  readonly key: 'groupWork' | 'groupSales' | 'groupSystem';
  readonly entries: readonly NavigationEntry[];
}

/** The pages in the order in which they are worked with. */
export const navigation: readonly NavigationGroup[] = [
  {
    key: 'groupWork',
    entries: [
      { key: 'dashboard', path: '/', icon: IconGauge, needs: 'dashboard:read' },
      { key: 'alerts', path: '/alerts', icon: IconAlertTriangle, needs: 'alerts:read' },
      { key: 'selling', path: '/', icon: IconTicket, needs: 'agent:sell', only: 'agent' },
      { key: 'routers', path: '/routers', icon: IconRouter, needs: 'routers:read' },
      { key: 'sessions', path: '/sessions', icon: IconPlugConnected, needs: 'sessions:read' },
      { key: 'customers', path: '/customers', icon: IconAddressBook, needs: 'customers:read' },
    ],
  },
  {
    key: 'groupSales',
    entries: [
      { key: 'packages', path: '/packages', icon: IconPackage, needs: 'packages:read' },
      { key: 'vouchers', path: '/vouchers', icon: IconTicket, needs: 'vouchers:read' },
      { key: 'payments', path: '/payments', icon: IconCoins, needs: 'payments:read' },
      { key: 'ledger', path: '/ledger', icon: IconBook2, needs: 'ledger:read' },
      { key: 'agents', path: '/agents', icon: IconBuildingStore, needs: 'ledger:read' },
      { key: 'reports', path: '/reports', icon: IconChartBar, needs: 'reports:read' },
    ],
  },
  {
    key: 'groupSystem',
    entries: [
      { key: 'audit', path: '/audit', icon: IconHistory, needs: 'audit:read' },
      { key: 'queues', path: '/queues', icon: IconStack2, needs: 'operations:read' },
      { key: 'health', path: '/health', icon: IconActivity, needs: 'operations:read' },
      { key: 'settings', path: '/settings', icon: IconSettings, needs: undefined },
    ],
  },
];
