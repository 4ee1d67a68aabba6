import { WeekGrid } from '../../kit/week-grid.js';
import { useWords } from '../../words/use-words.js';
import { reportWords } from './report-words.js';

interface Props {
  /** By weekday (Monday first), then hour. */
  readonly hours: readonly (readonly number[])[];
  readonly money: (minor: number) => string;
}

/** When of the week most is sold. */
export function HourHeat({ hours, money }: Props) {
  const t = useWords(reportWords);
  return (
    <WeekGrid
      caption={t('heat')}
      hours={hours}
      most={Math.max(0, ...hours.flat())}
      dayName={t}
      label={(day, hour, minor) =>
        t('heatCell', { day: t(day), hour: String(hour).padStart(2, '0'), money: money(minor) })
      }
      cellHeight={28}
      dayWidth={48}
      minWidth={620}
      faintest={0.15}
    />
  );
}
