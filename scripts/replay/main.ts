/** `npm run replay -- [--reports FILE] [--timing FILE] [--speed N] [--limit N] [--url URL] [--seed N]` */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { useService } from '../own-service.ts';
import { readCalls, readMessages, readTimingJson, type CallTiming } from './inputs.ts';
import { replay, type ReplayResult } from './replay.ts';

const SHIPPED = path.resolve(import.meta.dirname, '../../data/replay');

const { values } = parseArgs({
  options: {
    reports: { type: 'string', default: path.join(SHIPPED, 'reports.jsonl') },
    timing: { type: 'string' },
    speed: { type: 'string', default: '600' },
    limit: { type: 'string' },
    url: { type: 'string', default: `http://127.0.0.1:${process.env.PORT ?? '8080'}` },
    seed: { type: 'string', default: '1' },
  },
});

/** Times: the named file, else a dispatch log beside the messages, else the small file that is shipped. */
function timing(): { readonly file: string; readonly calls: CallTiming[] } {
  const folder = path.dirname(values.reports);
  const beside = existsSync(folder) ? readdirSync(folder).find((f) => /fire_calls.*\.csv$/.test(f)) : undefined;
  const file = values.timing ?? (beside === undefined ? path.join(SHIPPED, 'timing.json') : path.join(folder, beside));
  return { file, calls: file.endsWith('.json') ? readTimingJson(file) : readCalls(file) };
}

function positive(name: 'speed' | 'seed' | 'limit', text: string): number {
  const n = Number(text);
  if (!Number.isFinite(n) || n <= 0) throw new Error(`--${name} must be a number above 0, not ${text}`);
  return n;
}

/** Nearest-rank percentile of a sorted list; 0 for an empty one. */
function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)] ?? 0;
}

function print(result: ReplayResult, seconds: number): void {
  const rows: [string, string | number][] = [
    ['reports', result.reports],
    ['moves', result.moves],
    ['pushes expected', result.expected],
    ['pushes received', result.received],
    ['missed', result.missed],
    ['doubled', result.doubled],
    ['rings expected', result.ringsExpected],
    ['rings received', result.ringsReceived],
    ['answered, not in the log', result.lost.length],
    ['in the log, not answered', result.unanswered.length],
    ['errors', result.errors.length],
    ['requests repeated', result.repeats],
    ['sockets that came back', result.reconnects],
    ['report→push p50', `${percentile(result.latenciesMs, 0.5).toFixed(1)} ms`],
    ['report→push p99', `${percentile(result.latenciesMs, 0.99).toFixed(1)} ms`],
    ['took', `${seconds.toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'));
  for (const error of [...new Set(result.errors)].slice(0, 10)) console.error(`  ${error}`);
}

async function main(): Promise<number> {
  const all = readMessages(values.reports);
  const messages = values.limit === undefined ? all : all.slice(0, positive('limit', values.limit));
  const { file, calls } = timing();
  const service = await useService(values.url, 'replay');
  console.log(`${messages.length} reports from ${values.reports}`);
  console.log(`times of ${calls.length} calls from ${file}, ${values.speed} × faster`);
  console.log(
    service.own ? `nothing answers at ${values.url}: started a service of its own at ${service.url}` : `service at ${service.url}`,
  );
  const bar = new SingleBar({ format: '{bar} {value}/{total} reports, {moves} moves, {eta_formatted} left' }, Presets.shades_classic);
  bar.start(messages.length, 0, { moves: 0 });
  const started = performance.now();
  try {
    const result = await replay({
      url: service.url,
      password: service.password,
      messages,
      calls,
      speed: positive('speed', values.speed),
      seed: positive('seed', values.seed),
      patienceMs: 60_000,
      onProgress: (done, moves) => bar.update(done, { moves }),
    });
    bar.stop();
    print(result, (performance.now() - started) / 1_000);
    const clean =
      result.missed === 0 && result.doubled === 0 && result.errors.length === 0 && result.ringsReceived === result.ringsExpected;
    return clean ? 0 : 1;
  } finally {
    bar.stop();
    await service.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
