/**
 * The floor's fields: those that the product writes for the five steps, decided and hashed once beforehand. Only what has to differ from
 * row to row does: id, number, key. What is measured with them is the way to the disk alone.
 */
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { limitMs } from '../../../src/dispatch/chain/levels.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import { entryOf, type Entry } from '../../../src/dispatch/entry.ts';
import { digestOf } from '../../../src/dispatch/idempotency.ts';
import { NO_HASH } from '../../../src/dispatch/move-hash.ts';
import { loadRules } from '../../../src/dispatch/rules.ts';
import { loadReference } from '../../../src/grid/reference.ts';
import type { Database } from '../../../src/db/connect.ts';
import { DISTRICT } from '../cluster.ts';
import { commandOf, newId, postsOf, STEPS } from './walk.ts';

/** One entry for each of the five steps, at one post. */
export async function entriesOf(db: Database): Promise<readonly Entry[]> {
  const reference = await loadReference(db.kysely, DISTRICT);
  const rules = await loadRules(db.kysely, reference.calendar);
  const post = postsOf(reference)[0]!;
  const category = reference.category(post.report.category)!;
  const { level, settleOnSpot, evidenceClose, nuisance, clock: resolveKind } = category;
  const resolveMs = limitMs({ value: category.limitValue, unit: category.limitUnit }, rules.calendar);
  const { lng, lat } = post.report.position;
  const now = new Date();
  const first = report(post.report, post.gridWorker, {
    now,
    rules,
    id: newId(),
    number: '20260101-0001',
    place: reference.place(lng, lat)!,
    category: { code: category.code, rules: { level, settleOnSpot, evidenceClose, nuisance, resolveMs, resolveKind } },
  });
  const entries = [entryOf(first.move, first.next, NO_HASH, newId(), digestOf({ report: post.report }))];
  for (let step = 1; step < STEPS.length; step++) {
    const before = entries.at(-1)!;
    const [command, actor] = commandOf(step, before.next, post);
    const decision = decide(before.next, command, actor, { now, rules, units: reference.units, newIds: [newId()] });
    if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusal)}`);
    entries.push(entryOf(decision.move, decision.next, before.hash, newId(), digestOf({ command })));
  }
  return entries;
}

/**
 * Tables with the product's columns and the product's indexes on incidents; of the log only its primary key. No feed row, no key, no
 * constraint on what follows what: seq comes from a sequence, which leaves holes and follows no commit order.
 */
export const BARE_TABLES = `
  create sequence bare_seq cache 1000;
  create table bare_incident (like incident including defaults including indexes) with (fillfactor = 80);
  create table bare_move (like move, primary key (district, seq));
  grant all on bare_incident, bare_move, bare_seq to fengming_app`;
