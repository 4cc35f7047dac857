/**
 * `npm run load [name|all|faults] [-- --quick] [--save]`: the load tests against the service at BASE_URL, or against one of their own.
 * Ends with one table; fails when a threshold was crossed.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findK6, runK6, THRESHOLDS_CROSSED, versionOf } from './load/k6.ts';
import { describeMachine, socketsThatFit } from './load/machine.ts';
import { asMarkdown, asText, outcomeOf, rowOf, type Outcome, type Usage } from './load/outcome.ts';
import { FAULTS, SUITES, type Suite } from './load/suites.ts';
import { useService, type Service } from './own-service.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const RESULTS = path.join(ROOT, 'load-tests/results');
const DEFAULT_SUITE = 'report-to-push';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, save: { type: 'boolean', default: false } },
});

type Sizes = Readonly<Record<string, string>>;

/** The sizes of a test here: what the caller set counts most; more sockets than the machine lets us open are cut, and that is said. */
function sizesOf(suite: Suite, isAll: boolean): Sizes {
  const sizes = { ...(isAll ? suite.inAll : {}), ...(values.quick ? suite.quick : {}) };
  const set = Object.fromEntries(Object.entries(sizes).filter(([name]) => !process.env[name]));
  if (suite.sockets === undefined) return set;
  const wanted = Number(process.env.SOCKETS || set.SOCKETS || suite.sockets);
  const { most, why } = socketsThatFit();
  if (wanted <= most) return set;
  const fitting = Math.floor(most / 1_000) * 1_000;
  console.log(`${suite.name}: ${wanted} sockets do not fit here (${why}); taking ${fitting}`);
  return { ...set, SOCKETS: String(fitting) };
}

/** null when the service does not show it. */
async function usageOf(url: string): Promise<Usage | null> {
  const text = await fetch(`${url}/metrics`).then(
    (r) => (r.ok ? r.text() : ''),
    () => '',
  );
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const cpuSeconds = metric('process_cpu_seconds_total');
  const residentMb = metric('process_resident_memory_bytes') / 2 ** 20;
  return Number.isFinite(cpuSeconds) && Number.isFinite(residentMb) ? { cpuSeconds, residentMb } : null;
}

async function runOne(k6: string, suite: Suite, service: Service, sizes: Sizes): Promise<Outcome> {
  const file = path.join(RESULTS, `${suite.name}.json`);
  // What an earlier run left would be taken for this one's.
  rmSync(file, { force: true });
  console.log(
    `\n${suite.name}: ${suite.what}${Object.entries(sizes)
      .map(([name, value]) => `  ${name}=${value}`)
      .join('')}`,
  );
  const before = await usageOf(service.url);
  const exitCode = await runK6(k6, {
    script: path.join(ROOT, `load-tests/${suite.name}.ts`),
    env: { ...sizes, BASE_URL: service.url, DEMO_PASSWORD: service.password, RESULTS },
    htmlFile: path.join(RESULTS, `${suite.name}.html`),
  });
  const after = await usageOf(service.url);
  const usage = before && after ? { cpuSeconds: after.cpuSeconds - before.cpuSeconds, residentMb: after.residentMb } : null;
  return outcomeOf(suite.name, file, exitCode, usage);
}

/** Plants each fault and looks that the right threshold, and no other of them, fails. */
async function proveThresholds(k6: string, service: Service): Promise<boolean> {
  const suite = SUITES[0]!;
  const folder = path.join(RESULTS, 'faults');
  mkdirSync(folder, { recursive: true });
  const verdicts: string[] = [];
  for (const { fault, breaks } of FAULTS) {
    const file = path.join(folder, `${suite.name}.json`);
    rmSync(file, { force: true });
    const env = { ...suite.quick, BASE_URL: service.url, DEMO_PASSWORD: service.password, RESULTS: folder, FAULT: fault };
    const exitCode = await runK6(k6, { script: path.join(ROOT, `load-tests/${suite.name}.ts`), env });
    const { faults } = outcomeOf(suite.name, file, exitCode, null);
    const others = FAULTS.filter((f) => f.fault !== fault && faults.includes(f.breaks));
    const proved = exitCode === THRESHOLDS_CROSSED && faults.includes(breaks) && others.length === 0;
    verdicts.push(`${fault.padEnd(8)} ${proved ? 'was caught by' : 'WAS NOT CAUGHT by'} ${breaks}`);
  }
  console.log(`\n${verdicts.join('\n')}`);
  return verdicts.every((verdict) => !verdict.includes('NOT'));
}

function save(k6: string, machine: string, service: Service, rows: string[][]): string {
  const date = new Date().toISOString().slice(0, 10);
  const which = [...(positionals[0] === 'all' ? [] : [positionals[0] ?? DEFAULT_SUITE]), ...(values.quick ? ['quick'] : [])];
  const file = path.join(ROOT, `docs/performance/${['load', date, ...which].join('-')}.md`);
  const where = service.own ? 'a service of its own with an empty demo world' : `the service at ${service.url}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    [
      `# Load tests, ${date}`,
      '',
      `\`npm run load ${[...positionals, ...(values.quick ? ['-- --quick'] : [])].join(' ')}\` with ${versionOf(k6)} against ${where}.`,
      `Machine: ${machine}. k6, service and PostgreSQL share it.`,
      '',
      asMarkdown(rows),
      '',
      'Missed and doubled are pushes against the gapless log, counted per follower; failed are requests that were refused, dropped are reports that k6 could',
      'not start in time. What each test does: [load-tests/README.md](../../load-tests/README.md).',
      '',
    ].join('\n'),
  );
  return path.relative(ROOT, file);
}

let interrupted = false;

async function main(): Promise<number> {
  const name = positionals[0] ?? DEFAULT_SUITE;
  const suites = name === 'all' ? SUITES : SUITES.filter((suite) => suite.name === name);
  if (suites.length === 0 && name !== 'faults') {
    console.error(`没有这项压测 there is no load test ${name}: ${[...SUITES.map((s) => s.name), 'all', 'faults'].join(', ')}`);
    return 2;
  }
  const k6 = findK6();
  const machine = describeMachine();
  const wanted = process.env.BASE_URL || 'http://127.0.0.1:8080';
  // Ctrl-C reaches k6 and the own service too: their end is waited for, so that nothing of them stays behind.
  process.on('SIGINT', () => (interrupted = true));
  const service = await useService(wanted, 'load');
  console.log(service.own ? `nothing answers at ${wanted}: started a service of its own at ${service.url}` : `service at ${service.url}`);
  try {
    mkdirSync(RESULTS, { recursive: true });
    if (name === 'faults') return (await proveThresholds(k6, service)) ? 0 : 1;
    const outcomes: Outcome[] = [];
    for (const suite of suites) {
      if (interrupted) break;
      outcomes.push(await runOne(k6, suite, service, sizesOf(suite, name === 'all')));
    }
    const rows = outcomes.map(rowOf);
    console.log(`\n${machine}\n${asText(rows)}\n\nJSON and HTML: ${path.relative(process.cwd(), RESULTS)}`);
    if (values.save) console.log(`saved ${save(k6, machine, service, rows)}`);
    return !interrupted && outcomes.every(({ faults }) => faults.length === 0) ? 0 : 1;
  } finally {
    await service.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
