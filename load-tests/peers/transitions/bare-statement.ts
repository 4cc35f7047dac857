/** Contender: the floor for one caller. The same fields in one prepared statement, without lock, head, keys, chain and decision. */
import pg from 'pg';
import type { Entry } from '../../../src/dispatch/entry.ts';
import { JOURNAL_OPTIONS } from '../../../src/dispatch/journal-statements.ts';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { serveParent } from '../child.ts';
import { closedLoop } from '../measure.ts';
import { BARE_TABLES, entriesOf } from './bare-fields.ts';
import { writeBare } from './bare-write.ts';
import { newId } from './walk.ts';

let db: Database;
let client: pg.Client;
let entries: readonly Entry[];
let numbers = 0;
const walks = new Map<number, { step: number; id: string }>();

serveParent({
  async open(config: pg.ClientConfig) {
    const owner = new pg.Client(config);
    await owner.connect();
    await owner.query(BARE_TABLES);
    await owner.end();
    db = openDatabase(config);
    entries = await entriesOf(db);
    client = await db.client('bare', JOURNAL_OPTIONS);
  },
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) =>
    closedLoop(callers, warmMs, ms, async (k) => {
      const walk = walks.get(k) ?? { step: 0, id: newId() };
      await writeBare(client, walk.id, String(++numbers), entries[walk.step]!);
      walks.set(k, walk.step + 1 === entries.length ? { step: 0, id: newId() } : { ...walk, step: walk.step + 1 });
      return true;
    }),
  close: () => db.close(),
});
