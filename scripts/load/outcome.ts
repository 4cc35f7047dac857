/** What one load test came to, read from the JSON that it wrote, and the table of all of them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Result = z.object({
  durationMs: z.number(),
  /** Thresholds that were crossed, `metric rule`. */
  broken: z.array(z.string()),
  metrics: z.record(z.string(), z.object({ values: z.record(z.string(), z.number().nullable()) })),
});
export type Result = z.infer<typeof Result>;

/** What the service used meanwhile. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

export interface Outcome {
  readonly name: string;
  readonly result: Result | null;
  /** Empty: all is well. */
  readonly faults: readonly string[];
  readonly usage: Usage | null;
}

/** @param exitCode  k6's; a test that did not come to its end has no result. */
export function outcomeOf(name: string, file: string, exitCode: number, usage: Usage | null): Outcome {
  let result: Result;
  try {
    result = Result.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { name, result: null, faults: [`k6 ended with ${exitCode} and wrote no result`], usage };
  }
  const faults = [...result.broken];
  if (exitCode !== 0 && faults.length === 0) faults.push(`k6 ended with ${exitCode}`);
  return { name, result, faults, usage };
}

export const HEADINGS = [
  'test',
  'seconds',
  'reports',
  'moves',
  'followers',
  'pushes',
  'missed',
  'doubled',
  'failed',
  'dropped',
  'decided→pushed p50 / p99 ms',
  'request p50 / p99 ms',
  'service CPU s',
  'service MB',
  'thresholds',
] as const;

export function rowOf({ name, result, faults, usage }: Outcome): string[] {
  const value = (metric: string, key: string) => result?.metrics[metric]?.values[key];
  const count = (metric: string) => (result === null ? '–' : (value(metric, 'count') ?? 0).toLocaleString('en'));
  const times = (metric: string) => {
    const [median, p99] = [value(metric, 'med'), value(metric, 'p(99)')];
    return median == null || p99 == null ? '–' : `${median.toFixed(1)} / ${p99.toFixed(1)}`;
  };
  const failedShare = value('failed_requests', 'rate');
  return [
    name,
    result === null ? '–' : (result.durationMs / 1_000).toFixed(0),
    ...['reports_acknowledged', 'moves_acknowledged', 'followers_finished', 'pushes_received', 'pushes_missed', 'pushes_doubled'].map(
      count,
    ),
    failedShare == null ? '–' : `${(failedShare * 100).toFixed(2)} %`,
    count('dropped_iterations'),
    // Those that come back are replayed to: when it was decided says nothing there, when they had all does.
    name === 'reconnect' ? `back→all ${times('reconnect_to_caught_up_ms')}` : times('decided_to_pushed_ms'),
    times('http_req_duration'),
    usage === null ? '–' : usage.cpuSeconds.toFixed(1),
    usage === null ? '–' : usage.residentMb.toFixed(0),
    faults.length === 0 ? 'held' : `FAILED: ${faults.join('; ')}`,
  ];
}

/** One test a column: fifteen figures beside each other fit no terminal. */
export function asText(rows: readonly (readonly string[])[]): string {
  const lines = HEADINGS.map((heading, i) => [heading, ...rows.map((row) => row[i]!)]);
  const widths = lines[0]!.map((_, column) => Math.max(...lines.slice(0, -1).map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function asMarkdown(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const turned = HEADINGS.slice(1).map((heading, i) => [heading, ...rows.map((row) => row[i + 1]!)]);
  return [line(['', ...rows.map((row) => row[0]!)]), line(['---', ...rows.map(() => '---')]), ...turned.map(line)].join('\n');
}
