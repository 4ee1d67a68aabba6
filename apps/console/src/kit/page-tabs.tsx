import { ScrollArea, Tabs } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';

interface Props {
  readonly label: string;
  /** `to`: the page of the tab, so that each has an address of its own. */
  readonly tabs: readonly { readonly label: string; readonly to: string; readonly badge?: ReactNode }[];
}

/** The parts of a page; the one of the address is chosen. */
export function PageTabs({ label, tabs }: Props) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  // On a small screen the chosen one may lie beyond the edge.
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <Tabs
      value={pathname}
      onChange={(to) => void (to === null ? undefined : navigate(to))}
      activateTabWithKeyboard={false}
    >
      <ScrollArea type="never">
        <Tabs.List ref={list} aria-label={label} style={{ flexWrap: 'nowrap' }}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab.to} value={tab.to} rightSection={tab.badge} style={{ whiteSpace: 'nowrap' }}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </ScrollArea>
    </Tabs>
  );
}
