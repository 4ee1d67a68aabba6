import type { Table } from '../outcome.js';
import { holds, type Figure } from '../results.js';
import { escaped, readable, withUnit } from './html.js';
import type { Result } from './read-result.js';
import { seriesChart } from './series-chart.js';
import { STYLE } from './report-style.js';

/** More than this is folded away. */
const MOST_OPEN = 12;

/** All results on one page that needs nothing from elsewhere: figures against their bounds, and how they went on. */
export function reportPage(results: readonly Result[]): string {
  const sorted = results.toSorted((a, b) => a.scenario.localeCompare(b.scenario));
  const newest =
    results
      .map(({ date }) => date)
      .toSorted()
      .at(-1) ?? '';
  const missed = results.filter((result) => missedOf(result) > 0).length;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Turnpike: load test results</title>',
    `<style>${STYLE}</style></head><body><header><h1>Load test results</h1>`,
    `<p>${results.length} scenarios, ${missed === 0 ? 'every bound of each was met' : `${missed} with a bound that was missed`}; `,
    `the newest is of ${escaped(dayOf(newest))}. Made from <code>loadtest/results/*.json</code> by `,
    '<code>npm run loadtest -- report</code>.</p></header><main>',
    overview(sorted),
    ...sorted.map(section),
    '</main></body></html>\n',
  ].join('\n');
}

function isBounded({ atMost, atLeast }: Figure): boolean {
  return atMost !== undefined || atLeast !== undefined;
}

function missedOf({ figures }: Result): number {
  return figures.filter((figure) => !holds(figure)).length;
}

function overview(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const bounds = result.figures.filter(isBounded).length;
    const { scenario, date, commit } = result;
    return `<tr><td><a href="#${escaped(scenario)}">${escaped(scenario)}</a></td><td>${verdict(missedOf(result), bounds)}</td><td class="quiet">${escaped(dayOf(date))}</td><td class="quiet"><code>${escaped(commit)}</code></td></tr>`;
  });
  return `<section id="all"><h2>All scenarios</h2><div class="scroll"><table><thead><tr><th>scenario</th><th>bounds</th><th>date</th><th>commit</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function verdict(missed: number, bounds: number): string {
  if (bounds === 0) return '<span class="quiet">for information</span>';
  return missed === 0
    ? `<span class="met">${bounds === 1 ? 'met' : `all ${bounds} met`}</span>`
    : `<span class="missed">${missed} of ${bounds} missed</span>`;
}

function section(result: Result): string {
  const { scenario, command, date, commit, machine, seed, figures, series, table } = result;
  const bounded = figures.filter(isBounded);
  const others = figures.filter((figure) => !isBounded(figure));
  const facts = [
    dayOf(date),
    `commit ${commit}`,
    `${machine.cores} x ${machine.cpu}, ${machine.memoryGiB} GiB`,
    machine.os,
    `Node ${machine.node}`,
    ...(seed === undefined ? [] : [`seed ${seed}`]),
  ];
  return [
    `<section id="${escaped(scenario)}"><h2>${escaped(scenario)} ${verdict(missedOf(result), bounded.length)}</h2>`,
    `<p class="facts">${facts.map((fact) => `<span>${escaped(fact)}</span>`).join('')}</p>`,
    `<pre>${escaped(command)}</pre>`,
    bounded.length === 0 ? '' : figuresTable(bounded),
    table === undefined ? '' : tableOf(table),
    series.length === 0 ? '' : `<div class="charts">${series.map(seriesChart).join('')}</div>`,
    others.length === 0 ? '' : folded(others),
    '<p class="up"><a href="#all">All scenarios</a></p></section>',
  ].join('\n');
}

function folded(figures: readonly Figure[]): string {
  const open = figures.length <= MOST_OPEN ? ' open' : '';
  return `<details${open}><summary>Also measured, without a bound (${figures.length})</summary>${figuresTable(figures)}</details>`;
}

function figuresTable(figures: readonly Figure[]): string {
  const several = figures.some(({ values }) => values !== undefined);
  const bounded = figures.some(isBounded);
  const head = ['figure', 'value', ...(several ? ['median of'] : []), ...(bounded ? ['bound', ''] : [])];
  const rows = figures.map((figure) => {
    const { name, value, unit, values } = figure;
    const all = (values ?? []).map(readable).join(', ');
    const ends = bounded ? `<td class="number quiet">${boundOf(figure)}</td><td>${mark(figure)}</td>` : '';
    return `<tr><td>${escaped(name)}</td><td class="number">${escaped(withUnit(readable(value), unit))}</td>${several ? `<td class="number quiet">${escaped(all)}</td>` : ''}${ends}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head.map((word, at) => `<th${at > 0 ? ' class="number"' : ''}>${word}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function boundOf({ atMost, atLeast, unit }: Figure): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`&ge; ${escaped(withUnit(readable(atLeast), unit))}`]),
    ...(atMost === undefined ? [] : [`&le; ${escaped(withUnit(readable(atMost), unit))}`]),
  ];
  return parts.join(', ');
}

function mark(figure: Figure): string {
  if (!isBounded(figure)) return '';
  return holds(figure) ? '<span class="met">met</span>' : '<span class="missed">missed</span>';
}

function tableOf({ title, columns, rows }: Table): string {
  const head = columns.map((name) => `<th class="number">${escaped(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td class="number">${escaped(cell)}</td>`).join('')}</tr>`);
  return `<h3>${escaped(title)}</h3><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** To the minute, UTC. */
function dayOf(date: string): string {
  return `${date.slice(0, 16).replace('T', ' ')} UTC`;
}
