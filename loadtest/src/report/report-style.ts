/** Colours follow the reader's system; on paper each scenario begins a page. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #fff; --ink: #1d2327; --quiet: #667078; --rule: #e3e6e8;
  --line: #1f6feb; --area: rgba(31, 111, 235, .12); --good: #1a7f37; --bad: #c4320a; --code: #f1f3f4; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1b2024; --ink: #e6e9eb; --quiet: #98a2a9;
  --rule: #2e353b; --line: #6cb0ff; --area: rgba(108, 176, 255, .16); --good: #57c46f; --bad: #ff8a65; --code: #242a2f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1040px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 26px; margin: 0; }
h2 { font-size: 19px; margin: 0 0 6px; display: flex; flex-wrap: wrap; gap: 12px; align-items: baseline; }
h2 > span { font-size: 14px; font-weight: 600; }
h3 { font-size: 15px; margin: 18px 0 6px; }
a { color: var(--line); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; margin: 18px 0; }
.facts { margin: 0 0 8px; color: var(--quiet); font-size: 13px; display: flex; flex-wrap: wrap; gap: 2px 16px; }
pre { margin: 0 0 12px; padding: 8px 12px; background: var(--code); border-radius: 6px; font-size: 13px; overflow-x: auto; }
code { font-size: .92em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 12.5px; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:last-child, th:last-child { padding-right: 0; }
td:last-child:not(.number) { text-align: right; }
#all td:last-child, #all th:last-child { text-align: left; }
.quiet, figcaption span { color: var(--quiet); }
.met { color: var(--good); font-weight: 600; }
.missed { color: var(--bad); font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 12px 24px; margin: 14px 0; }
figure { margin: 0; }
figcaption { font-size: 13px; }
figcaption .quiet { float: right; }
svg { display: block; width: 100%; height: auto; }
.grid { stroke: var(--rule); stroke-width: 1; }
.bound { stroke: var(--bad); stroke-width: 1.2; stroke-dasharray: 5 4; }
.line { fill: none; stroke: var(--line); stroke-width: 1.6; stroke-linejoin: round; }
circle.line { fill: var(--line); }
.area { fill: var(--area); }
.tick { fill: var(--quiet); font-size: 10.5px; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--quiet); font-size: 14px; }
.up { margin: 12px 0 0; font-size: 13px; }
@media print { section { break-before: page; border: 0; } details:not([open]) > * { display: block; } }
`;
