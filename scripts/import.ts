/**
 * `npm run import -- cells|units|categories|calendar FILE [--dry-run] [--as 区城管局=urban-enforcement]… [--server URL --account admin]`
 *
 * Without `--server` it opens the database itself (`DATABASE_URL`, else the embedded one, which must not be in use by a server). With
 * `--server` it hands the file to a running server, whose pages then show it at once; the password is read from `FENGMING_PASSWORD`.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/connect.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { inWords } from '../src/grid/import/findings.ts';
import { IMPORT_SUBJECTS, importFile, type ImportOptions, type ImportOutcome, type ImportSubject } from '../src/grid/import/importer.ts';
import { parseNames } from '../src/grid/import/routes.ts';

const USAGE = `用法 Usage: npm run import -- ${IMPORT_SUBJECTS.join('|')} FILE [--dry-run] [--as 名称=unit-type] [--server URL] [--account admin]`;

interface Task {
  readonly subject: ImportSubject;
  readonly path: string;
  readonly options: ImportOptions;
  readonly server: string | undefined;
  readonly account: string;
}

/** @throws Error with the usage in its message. */
function readTask(args: string[]): Task {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      as: { type: 'string', multiple: true, default: [] },
      server: { type: 'string' },
      account: { type: 'string', default: 'admin' },
    },
  });
  const [name, path, ...rest] = positionals;
  const subject = IMPORT_SUBJECTS.find((known) => known === name);
  const unitTypes = parseNames(values.as);
  if (!subject || path === undefined || rest.length > 0 || !unitTypes) throw new Error(USAGE);
  return { subject, path, options: { dryRun: values['dry-run'], unitTypes }, server: values.server, account: values.account };
}

async function importHere({ subject, options }: Task, bytes: Uint8Array): Promise<ImportOutcome> {
  const config = loadConfig(process.env);
  const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir }) : undefined;
  try {
    const login = embedded?.owner ?? { connectionString: config.databaseUrl };
    await migrate(login);
    const db = openDatabase(login);
    try {
      return await importFile(db.kysely, config.district, subject, bytes, options);
    } finally {
      await db.close();
    }
  } finally {
    await embedded?.stop();
  }
}

async function importThere({ subject, options, server, account }: Task, bytes: Uint8Array<ArrayBuffer>): Promise<ImportOutcome> {
  const password = process.env['FENGMING_PASSWORD'];
  if (!password) throw new Error('请用环境变量 FENGMING_PASSWORD 给出密码 / Give the password in FENGMING_PASSWORD');
  const base = new URL('/api/v1/', server);
  const signIn = await fetch(new URL('sessions', base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ account, password }),
  });
  if (!signIn.ok) throw new Error(`${signIn.status} ${await signIn.text()}`);
  const { token } = (await signIn.json()) as { token: string };
  const headers = { Authorization: `Bearer ${token}` };
  try {
    const url = new URL(`imports/${subject}`, base);
    url.searchParams.set('dryRun', String(options.dryRun));
    for (const [name, type] of options.unitTypes ?? []) url.searchParams.append('as', `${name}=${type}`);
    const body = new FormData();
    body.set('file', new Blob([bytes]), 'file');
    const answer = await fetch(url, { method: 'POST', headers, body });
    const outcome = (await answer.json()) as ImportOutcome;
    if (!Array.isArray(outcome.findings)) throw new Error(`${answer.status} ${JSON.stringify(outcome)}`);
    return outcome;
  } finally {
    await fetch(new URL('sessions/current', base), { method: 'DELETE', headers });
  }
}

function print(outcome: ImportOutcome): void {
  for (const found of outcome.findings) console.log(`${inWords(found, 'zh-CN')}\n    ${inWords(found, 'en')}`);
  const { rows, written, findings } = outcome;
  if (findings.length > 0) {
    console.log(`发现 ${findings.length} 处问题，没有写入 / ${findings.length} findings, nothing written (${rows} rows read)`);
  } else if (outcome.dryRun) {
    console.log(`${rows} 行没有问题，试运行没有写入 / ${rows} rows without fault; a dry run writes nothing`);
  } else {
    console.log(`已写入 ${written} 行 / ${written} rows written`);
  }
}

try {
  const task = readTask(process.argv.slice(2));
  const bytes = new Uint8Array(await readFile(task.path));
  const outcome = await (task.server === undefined ? importHere(task, bytes) : importThere(task, bytes));
  print(outcome);
  process.exitCode = outcome.findings.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
