import type { Language } from '@turnpike/contracts/languages.js';
import type { ReportName, ReportPeriod } from '@turnpike/contracts/report-schedules.js';
import type { ChurnReport, SalesReport, TaxReport } from '@turnpike/contracts/reports.js';
import { moneyText } from '@turnpike/core/money.js';
import { addDays } from '../dashboard/local-day.js';

export interface MailFrame {
  readonly language: Language;
  readonly networkName: string;
  readonly every: ReportPeriod;
  readonly atHour: number;
  readonly manageUrl: string;
}

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Rows of a table that go into the words; the rest is in the file. */
const MOST_ROWS = 10;

const titles = {
  en: { sales: 'Sales', churn: 'Customers won and lost', tax: 'Tax' },
  sw: { sales: 'Mauzo', churn: 'Wateja waliokuja na walioondoka', tax: 'Kodi' },
} as const;

export function subjectOf(report: ReportName, days: Days, { language, networkName }: MailFrame): string {
  // That of customers is about months, whichever days it is sent for.
  const when = report === 'churn' ? '' : ` ${daysWords(days)}`;
  return `${titles[language][report]}${when} - ${networkName}`;
}

export function salesWords(sales: SalesReport, { language }: MailFrame): string[] {
  const { totals, rows, by, currency } = sales;
  const money = (minor: number): string => moneyText(minor, currency);
  const w = salesNames[language];
  const isOfTime = by === 'day' || by === 'hour';
  const top = isOfTime ? [] : rows.slice(0, MOST_ROWS);
  return [
    `${titles[language].sales} ${daysWords(sales)} (${sales.timeZone})`,
    '',
    ...aligned([
      [w.payments, String(totals.payments)],
      [w.customers, String(totals.customers)],
      [w.gross, money(totals.grossMinor)],
      [w.refunded, money(totals.refundedMinor)],
      [w.net, money(totals.netMinor)],
      [w.commission, money(totals.commissionMinor)],
    ]),
    ...(top.length === 0 ? [] : ['', `${w.most}:`, ...aligned(top.map((row) => [row.label, money(row.netMinor)]))]),
    ...otherMoney(sales.otherCurrencies, language),
  ];
}

export function churnWords(churn: ChurnReport, { language }: MailFrame): string[] {
  const w = churnNames[language];
  // The month that just ended says more than the one that began.
  const month = churn.months.filter(({ isComplete }) => isComplete).at(-1) ?? churn.months.at(-1);
  if (month === undefined) return [w.nothing];
  const { churnBasisPoints: lost, perCustomerMinor: each } = month;
  return [
    `${titles[language].churn}: ${month.month} (${churn.timeZone})`,
    '',
    ...aligned([
      [w.customers, String(month.customers)],
      [w.firstTime, String(month.firstTime)],
      [w.cameBack, String(month.cameBack)],
      [w.lost, lost === null ? String(month.lost) : `${month.lost} (${(lost / 100).toFixed(1)} %)`],
      [w.revenue, moneyText(month.revenueMinor, churn.currency)],
      [w.each, each === null ? '-' : moneyText(each, churn.currency)],
    ]),
    ...otherMoney(churn.otherCurrencies, language),
  ];
}

export function taxWords(report: TaxReport, { language }: MailFrame): string[] {
  const w = taxNames[language];
  const { totals, tax, currency } = report;
  const money = (minor: number): string => moneyText(minor, currency);
  const rate = `${tax.name} ${tax.basisPoints / 100} %`;
  return [
    `${titles[language].tax} ${daysWords(report)} (${report.timeZone})`,
    '',
    ...aligned([
      [w.gross, money(totals.grossMinor)],
      [w.refunded, money(totals.refundedMinor)],
      [w.net, money(totals.netMinor)],
      [`${tax.inclusive ? w.contained : w.onTop}, ${rate}`, money(totals.taxMinor)],
    ]),
    ...(tax.basisPoints === 0 ? ['', w.none] : []),
    ...otherMoney(report.otherCurrencies, language),
  ];
}

export function footer(fileName: string, { language, every, atHour, manageUrl }: MailFrame): string[] {
  const time = `${String(atHour).padStart(2, '0')}:00`;
  return language === 'sw'
    ? [
        `Jedwali lote limeambatishwa: ${fileName}`,
        `Barua pepe hii hutumwa ${whenWords.sw[every]} saa ${time}. Ibadilishe au uisimamishe hapa: ${manageUrl}`,
      ]
    : [
        `The whole table is attached: ${fileName}`,
        `This mail is sent ${whenWords.en[every]} at ${time}. Change or stop it here: ${manageUrl}`,
      ];
}

const whenWords = {
  en: { day: 'every day', week: 'every Monday', month: 'on the first of every month' },
  sw: { day: 'kila siku', week: 'kila Jumatatu', month: 'tarehe moja ya kila mwezi' },
} as const;

const salesNames = {
  en: {
    payments: 'Sales',
    customers: 'Customers',
    gross: 'Sold for',
    refunded: 'Given back',
    net: 'Net',
    commission: "Agents' commission",
    most: 'Most of it',
  },
  sw: {
    payments: 'Mauzo',
    customers: 'Wateja',
    gross: 'Jumla ya mauzo',
    refunded: 'Zilizorudishwa',
    net: 'Halisi',
    commission: 'Kamisheni ya mawakala',
    most: 'Kubwa zaidi',
  },
} as const;

const churnNames = {
  en: {
    customers: 'Customers who bought',
    firstTime: 'For the first time',
    cameBack: 'Came back',
    lost: 'Did not buy again',
    revenue: 'Paid',
    each: 'Paid by each',
    nothing: 'Nothing has been sold yet.',
  },
  sw: {
    customers: 'Wateja walionunua',
    firstTime: 'Kwa mara ya kwanza',
    cameBack: 'Waliorudi',
    lost: 'Hawakununua tena',
    revenue: 'Walilipa',
    each: 'Kwa kila mteja',
    nothing: 'Hakuna kilichouzwa bado.',
  },
} as const;

const taxNames = {
  en: {
    gross: 'Sold for',
    refunded: 'Given back',
    net: 'Taxable sales',
    contained: 'Tax in it',
    onTop: 'Tax on top of it',
    none: 'No tax is set. Set the rate in the console (Settings, Tax).',
  },
  sw: {
    gross: 'Jumla ya mauzo',
    refunded: 'Zilizorudishwa',
    net: 'Mauzo yanayotozwa kodi',
    contained: 'Kodi iliyomo',
    onTop: 'Kodi inayoongezwa',
    none: 'Hakuna kodi iliyowekwa. Weka kiwango kwenye dashibodi (Mipangilio, Kodi).',
  },
} as const;

function otherMoney(currencies: readonly string[], language: Language): string[] {
  if (currencies.length === 0) return [];
  const list = currencies.join(', ');
  return ['', language === 'sw' ? `Kuna mauzo pia kwa: ${list}` : `There were sales in other currencies too: ${list}`];
}

/** `16/11/2026 - 22/11/2026`, the last day included; one day alone. */
function daysWords({ from, to }: Days): string {
  const [first, last] = [from, addDays(to, -1)].map((day) => day.split('-').reverse().join('/'));
  return first === last ? `${first}` : `${first} - ${last}`;
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${`${name}:`.padEnd(width + 2)}${value}`);
}
