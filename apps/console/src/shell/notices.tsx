import { Notifications } from '@mantine/notifications';

/** Where it is told what came of something. */
export function Notices() {
  return <Notifications position="top-right" />;
}
