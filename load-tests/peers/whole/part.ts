/** Part 6: POST → durable → pushed, through the whole product, against the barest server that does the same. */
import { openDatabase } from '../../../src/db/connect.ts';
import { loadReference } from '../../../src/grid/reference.ts';
import { DISTRICT, type Cluster } from '../cluster.ts';
import { enter, firstLine, type Contender, type Entrant } from '../contest.ts';
import { median } from '../measure.ts';
import { runClient, type Reading } from '../push/servers.ts';
import { client } from '../push/tools.ts';
import { postsOf } from '../transitions/walk.ts';

export interface WholeRow {
  readonly server: string;
  readonly reading: Reading;
  readonly nodeUs: number;
  readonly pgUs: number;
}

export interface WholeResult {
  readonly rate: number;
  readonly receivers: number;
  readonly rows: readonly WholeRow[];
  readonly missing: readonly { readonly contender: string; readonly why: string }[];
}

const CONTENDERS: readonly Contender[] = [
  { name: 'Fengming', file: 'whole/product.ts', content: 'world' },
  { name: 'bare hono, one statement, ws.send', file: 'whole/bare.ts', content: 'world' },
];
const RECEIVERS = 20;

export async function whole(cluster: Cluster, quick: boolean, say: (line: string) => void): Promise<WholeResult> {
  const rate = quick ? 200 : 1_000;
  const tool = client();
  if ('why' in tool)
    return { rate, receivers: RECEIVERS, rows: [], missing: [{ contender: 'the whole part', why: `its client is missing: ${tool.why}` }] };
  const body = await reportBody(cluster);
  const entrants: Entrant[] = [];
  const missing: { contender: string; why: string }[] = [];
  const readings = new Map<string, WholeRow[]>();
  try {
    for (const contender of CONTENDERS) {
      try {
        entrants.push(await enter(cluster, contender));
      } catch (error) {
        missing.push({ contender: contender.name, why: firstLine(error) });
      }
    }
    for (let i = 0; i < (quick ? 1 : 5); i++) {
      for (const { contender, child } of entrants) {
        await cluster.checkpoint();
        const { port, tokens } = await child.ask<{ port: number; tokens: string[] }>('where');
        const pg = { begin: 0, end: 0 };
        const reading = await runClient(
          tool.path,
          [
            ...['-mode', 'post', '-protocol', tokens.length > 0 ? 'product' : 'plain', '-port', port, '-control', port, '-n', RECEIVERS],
            ...[
              '-rate',
              rate,
              '-seconds',
              quick ? 3 : 6,
              '-warm',
              quick ? 2 : 3,
              '-pid',
              child.pid,
              '-body',
              body,
              '-tokens',
              tokens.join(','),
            ],
          ],
          (said) => {
            if (said === 'begin' || said === 'end') pg[said] = cluster.cpuUs();
          },
        );
        const row = { server: contender.name, reading, nodeUs: reading.cpuUsPerReport!, pgUs: (pg.end - pg.begin) / reading.reports! };
        readings.set(contender.name, [...(readings.get(contender.name) ?? []), row]);
        say(`  ${JSON.stringify(row)}`);
      }
    }
  } finally {
    for (const { child } of entrants) await child.end();
  }
  return { rate, receivers: RECEIVERS, rows: [...readings.values()].map(medianRow), missing };
}

function medianRow(rows: readonly WholeRow[]): WholeRow {
  const of = (pick: (row: WholeRow) => number): number => median(rows.map(pick));
  const sums = ['missed', 'doubled', 'failures'];
  const reading = Object.fromEntries(
    Object.keys(rows[0]!.reading).map((name) => {
      const values = rows.map((row) => row.reading[name]!);
      return [name, sums.includes(name) ? values.reduce((a, b) => a + b, 0) : median(values)];
    }),
  );
  return { server: rows[0]!.server, reading, nodeUs: of((r) => r.nodeUs), pgUs: of((r) => r.pgUs) };
}

async function reportBody(cluster: Cluster): Promise<string> {
  const db = openDatabase(await cluster.database('peer_body', 'world'));
  const [post] = postsOf(await loadReference(db.kysely, DISTRICT));
  await db.close();
  await cluster.drop('peer_body');
  return JSON.stringify(post!.report);
}
