/** `npm run peers -- [--only transitions,push] [--quick] [--ten-million] [--out FOLDER]`: product, floor and peers in one run, and the table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startCluster, type Cluster } from './cluster.ts';
import { deadlines } from './deadlines/part.ts';
import { goalsOf } from './goals.ts';
import { describeMachine } from './machine.ts';
import { PARTS, readOptions, type Options, type Part } from './options.ts';
import { push } from './push/part.ts';
import type { Results } from './results.ts';
import { markdown } from './table.ts';
import { pushOn } from './transitions/push-on.ts';
import { size } from './transitions/size.ts';
import { transitions } from './transitions/part.ts';
import { where } from './where/part.ts';
import { whole } from './whole/part.ts';

const OUT = path.resolve(import.meta.dirname, '../../docs/performance');

const say = (line: string): void => console.log(line);

async function run(part: Part, cluster: Cluster, options: Options, results: Results): Promise<void> {
  const { quick } = options;
  switch (part) {
    case 'transitions':
      results.transitions = await transitions(cluster, quick, say);
      return;
    case 'push-on':
      results.pushOn = await pushOn(cluster, quick, say);
      return;
    case 'size':
      results.size = await size(cluster, options, say);
      return;
    case 'push':
      results.push = await push(cluster, quick, say);
      return;
    case 'deadlines':
      results.deadlines = await deadlines(cluster, quick, say);
      return;
    case 'whole':
      results.whole = await whole(cluster, quick, say);
      return;
    case 'where':
      results.where = await where(quick, say);
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), OUT);
  const loadBefore = os.loadavg()[0]!;
  if (loadBefore > os.cpus().length / 2) say(`The machine is busy (load ${loadBefore.toFixed(1)}): figures of this run say little.`);
  const cluster = await startCluster();
  const results: Results = {};
  const failed: string[] = [];
  try {
    for (const part of options.parts) {
      say(`\n${part}`);
      try {
        await run(part, cluster, options, results);
      } catch (error) {
        failed.push(part);
        console.error(error);
      }
    }
    const machine = await describeMachine(cluster, loadBefore);
    const goals = goalsOf(results);
    const text = markdown(machine, results, goals, options.quick);
    mkdirSync(options.outDir, { recursive: true });
    const some = [...(options.parts.length < PARTS.length ? options.parts : []), ...(options.quick ? ['quick'] : [])];
    const file = path.join(options.outDir, ['peers', machine.date.slice(0, 10), ...some].join('-'));
    writeFileSync(`${file}.md`, text);
    writeFileSync(`${file}.json`, `${JSON.stringify({ machine, quick: options.quick, failed, goals, results }, null, 1)}\n`);
    say(`\n${text}\nWritten to ${path.relative(process.cwd(), file)}.md and .json`);
  } finally {
    await cluster.stop();
  }
  if (failed.length > 0) console.error(`These parts failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

// Leaving in order tells PostgreSQL and the contenders to end too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

process.exitCode = await main();
