// The shape of a dashboard of Grafana 10 and newer, put together from short descriptions.

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;

/** Levels of a figure: green below the first, then yellow, then red; `above: false` turns it round. */
export function levels(warning, critical, above = true) {
  const steps = above
    ? [
        { color: 'green', value: null },
        { color: 'yellow', value: warning },
        { color: 'red', value: critical },
      ]
    : [
        { color: 'red', value: null },
        { color: 'yellow', value: critical },
        { color: 'green', value: warning },
      ];
  return { mode: 'absolute', steps };
}

const PLAIN = { mode: 'absolute', steps: [{ color: 'green', value: null }] };

/** `queries`: `[PromQL, legend]` each. `runbook`: name of a file in deploy/runbooks. */
function panel(
  type,
  { title, about, queries, unit = 'short', thresholds, runbook, w, h, min, max, decimals, options, custom },
) {
  return {
    type,
    title,
    description: [about, ...(runbook === undefined ? [] : [`What to do: deploy/runbooks/${runbook}.md`])].join('\n\n'),
    datasource: DATASOURCE,
    links:
      runbook === undefined
        ? []
        : [{ title: `What to do: ${runbook}`, url: '${runbooks}/' + runbook + '.md', targetBlank: true }],
    size: { w, h },
    fieldConfig: {
      defaults: {
        unit,
        thresholds: thresholds ?? PLAIN,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(decimals === undefined ? {} : { decimals }),
        ...(custom === undefined ? {} : { custom }),
      },
      overrides: [],
    },
    options,
    targets: queries.map(([expr, legendFormat = ''], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(type === 'stat' || type === 'bargauge' ? { instant: true } : { range: true }),
    })),
  };
}

/** Lines over time. With thresholds they are drawn as lines too. */
export function graph({ stack = false, ...given }) {
  return panel('timeseries', {
    w: 12,
    h: 8,
    min: 0,
    ...given,
    custom: {
      lineWidth: 1,
      fillOpacity: stack ? 40 : 8,
      showPoints: 'never',
      spanNulls: 60_000,
      stacking: { mode: stack ? 'normal' : 'none' },
      thresholdsStyle: { mode: given.thresholds === undefined ? 'off' : 'dashed' },
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max', 'lastNotNull'], showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  });
}

/** One figure, coloured by its thresholds. */
export function figure(given) {
  return panel('stat', {
    w: 4,
    h: 4,
    ...given,
    options: {
      colorMode: given.thresholds === undefined ? 'none' : 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      textMode: 'auto',
    },
  });
}

/** Several figures beside each other as bars. */
export function bars(given) {
  return panel('bargauge', {
    w: 12,
    h: 8,
    min: 0,
    ...given,
    options: {
      displayMode: 'lcd',
      orientation: 'horizontal',
      showUnfilled: true,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  });
}

/** Begins a part of the dashboard. */
export function part(title) {
  return { type: 'row', title, collapsed: false, size: { w: WIDTH, h: 1 }, panels: [] };
}

/** From left to right and from top to bottom, as there is room. */
function placed(panels) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ size: { w, h }, ...rest }, index) => {
    if (x + w > WIDTH) {
      [x, y, rowHeight] = [0, y + rowHeight, 0];
    }
    const gridPos = { x, y, w, h };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return { id: index + 1, ...rest, gridPos };
  });
}

export function board({ uid, title, about, panels }) {
  return {
    uid: `turnpike-${uid}`,
    title: `Turnpike: ${title}`,
    description: about,
    tags: ['turnpike'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: '',
    links: [
      {
        title: 'Turnpike',
        type: 'dashboards',
        tags: ['turnpike'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
        {
          name: 'runbooks',
          label: 'Runbooks at',
          type: 'textbox',
          query: '/public/runbooks',
          current: { text: '/public/runbooks', value: '/public/runbooks' },
          hide: 2,
        },
      ],
    },
    annotations: {
      list: [
        {
          name: 'Alerts',
          datasource: DATASOURCE,
          enable: true,
          iconColor: 'red',
          expr: 'ALERTS{alertname=~"Turnpike.*", alertstate="firing", severity="critical"}',
          titleFormat: '{{alertname}}',
        },
        {
          name: 'Starts',
          datasource: DATASOURCE,
          enable: false,
          iconColor: 'blue',
          expr: 'changes(process_start_time_seconds{role!=""}[1m]) > 0',
          titleFormat: '{{role}} {{instance}} started',
        },
      ],
    },
    panels: placed(panels),
  };
}
