/** The end of every load test: what is printed, and what is kept as JSON beside k6's own HTML report. */

interface Metric {
  readonly values: Record<string, number>;
  readonly thresholds?: Record<string, { readonly ok: boolean }>;
}
export interface Data {
  readonly metrics: Record<string, Metric>;
  readonly state: { readonly testRunDurationMs: number };
}

export const STATS = ['med', 'p(95)', 'p(99)', 'max'];
/** No request refused, no report left out because k6 had no virtual user free. */
export const REQUEST_THRESHOLDS = { failed_requests: ['rate==0'], dropped_iterations: ['count==0'] };

const ROWS: readonly (readonly [string, string])[] = [
  ['reports acknowledged', 'reports_acknowledged'],
  ['moves acknowledged', 'moves_acknowledged'],
  ['incidents ended', 'incidents_ended'],
  ['followers', 'followers_finished'],
  ['sockets lost', 'sockets_lost'],
  ['pushes received', 'pushes_received'],
  ['pushes missed', 'pushes_missed'],
  ['pushes doubled', 'pushes_doubled'],
  ['pushes foreign', 'pushes_foreign'],
  ['rings received', 'rings_received'],
  ['rings missed', 'rings_missed'],
  ['dropped iterations', 'dropped_iterations'],
];
const TIMES: readonly (readonly [string, string])[] = [
  ['decided → pushed', 'decided_to_pushed_ms'],
  ['report → pushed', 'report_to_push_ms'],
  ['decided → rung', 'decided_to_rung_ms'],
  ['back → caught up', 'reconnect_to_caught_up_ms'],
  ['request', 'http_req_duration'],
];

export function summaryOf(name: string, { metrics, state }: Data): Record<string, string> {
  const broken = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([rule, { ok }]) => (ok ? [] : [`${metric} ${rule}`])),
  );
  const counts = ROWS.flatMap(([label, metric]) => (metrics[metric] ? [[label, String(metrics[metric].values.count)] as const] : []));
  const times = TIMES.flatMap(([label, metric]) => {
    const values = metrics[metric]?.values;
    return values === undefined || values.max === 0 ? [] : [[`${label} p50 / p99 / max ms`, shown(values)] as const];
  });
  const memory = metrics.service_resident_growth_mb;
  const rows = [
    ...counts,
    ['failed requests', `${((metrics.failed_requests?.values.rate ?? 0) * 100).toFixed(2)} %`] as const,
    ...times,
    ...(memory ? [['service memory growth MB', memory.values.value!.toFixed(1)] as const] : []),
    ['thresholds', broken.length === 0 ? 'all held' : `FAILED: ${broken.join(', ')}`] as const,
  ];
  const text = rows.map(([label, value]) => `  ${label.padEnd(36)}${value}`).join('\n');
  const out: Record<string, string> = { stdout: `\n${name}\n${text}\n` };
  if (__ENV.RESULTS)
    out[`${__ENV.RESULTS}/${name}.json`] = JSON.stringify({ name, durationMs: state.testRunDurationMs, broken, metrics }, null, 1);
  return out;
}

function shown(values: Record<string, number>): string {
  return ['med', 'p(99)', 'max'].map((key) => (values[key] ?? 0).toFixed(1)).join(' / ');
}
