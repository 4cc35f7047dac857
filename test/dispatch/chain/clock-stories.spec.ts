/**
 * Whatever happens to an incident, rules and reference expect the same next instant at each of its moves: every rung of both clocks, every
 * lapse, every step that the system takes itself. `Timeline` compares them after each move.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Level } from '../../../src/dispatch/chain/incident.ts';
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import { HOURS, MINUTE_MS, midnight, tenYearsOfDays } from './reference-time.ts';
import { figuresOf, Timeline } from './timeline.ts';
import { COMMUNITY, lead, SUBDISTRICT, unit, WORKER } from './world.ts';

const SEED = 20261128;
const days = tenYearsOfDays(SEED);
const HOUR_MS = 60 * MINUTE_MS;
const seconds = (maxHours: number) => fc.integer({ min: 0, max: maxHours * 3_600 }).map((s) => s * 1_000);
const figures = fc
  .record({ hours: fc.constantFrom(...HOURS.slice(0, 4)), step: fc.integer({ min: 4, max: 240 }) })
  .map(({ hours, step }) => figuresOf(days, hours, () => step));
const start = fc.integer({ min: 0, max: 680 * 86_400 }).map((s) => midnight('2026-01-01') + s * 1_000);

/** What people do, or leave, on the way from the report to the end. */
const act = fc.record({
  afterMs: fc.oneof(seconds(1), seconds(12), seconds(96)),
  what: fc.constantFrom(
    'on',
    'on',
    'on',
    'extend',
    'suspend',
    'regrade',
    'recall',
    'decline',
    'verify',
    'return',
    'fail',
    'appeal',
    'other',
    'nothing',
  ),
  level: fc.constantFrom<Level>('R2', 'R3', 'R4'),
  ms: fc.integer({ min: 1, max: 600 }).map((m) => m * MINUTE_MS),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const OTHER = 'police-1';
const met = new Map<string, number>();
const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);

/** The usual next step of whoever has to take one. */
function goOn(t: Timeline, by: string): boolean {
  const { state } = t.incident;
  const own = unit(t.incident.assignments.at(-1)?.unit ?? by);
  switch (state) {
    case 'reported':
      return t.try({ verb: 'call' }, COMMUNITY);
    case 'verifying':
      return t.try({ verb: 'answerVerification', found: true }, WORKER);
    case 'called':
      return t.try({ verb: 'accept' }, SUBDISTRICT);
    case 'coordinating':
      return t.try({ verb: 'dispatch', lead: { unit: by } }, SUBDISTRICT);
    case 'dispatched':
      return t.try({ verb: 'acknowledge', assignment: lead(t.incident) }, own);
    case 'responding':
      return t.try({ verb: 'arrive', assignment: lead(t.incident) }, own);
    case 'handling':
      return t.try({ verb: 'finish', assignment: lead(t.incident) }, own);
    case 'suspended':
      return t.try({ verb: 'resume' }, SUBDISTRICT);
    case 'disposed':
      return t.try({ verb: 'assignCheck' }, SUBDISTRICT);
    case 'checking':
      return t.try({ verb: 'confirmClose' }, COMMUNITY);
    default:
      return t.try({ verb: 'reopen', reason: '又坏了' }, COMMUNITY);
  }
}

function play(t: Timeline, { what, level, ms }: Act): boolean {
  switch (what) {
    case 'on':
      return goOn(t, 'drainage-1');
    case 'other':
      return t.incident.state === 'coordinating' && goOn(t, OTHER);
    case 'extend':
      return t.extend(ms);
    case 'suspend':
      return t.try({ verb: 'suspend', until: new Date(t.nowMs + ms * 4).toISOString(), reason: '等配件' }, SUBDISTRICT);
    case 'regrade':
      return t.try({ verb: 'regrade', level, reason: '有人受伤' }, SUBDISTRICT);
    case 'recall':
      return t.try({ verb: 'recall', reason: '先办另一件' }, SUBDISTRICT);
    case 'decline':
      return (
        t.incident.assignments.length > 0 &&
        t.try({ verb: 'decline', assignment: lead(t.incident), reason: '不在辖区' }, unit(t.incident.assignments.at(-1)!.unit))
      );
    case 'verify':
      return t.try({ verb: 'requestVerification' }, COMMUNITY);
    case 'return':
      return t.try({ verb: 'returnCall', reason: '不在本街道' }, SUBDISTRICT);
    case 'fail':
      return t.try({ verb: 'failCheck', reason: '没修好' }, COMMUNITY);
    case 'appeal':
      return t.try({ verb: 'reject', reason: '不属受理范围' }, SUBDISTRICT) || t.try({ verb: 'appeal', reason: '就在路中间' }, WORKER);
    case 'nothing':
      return true;
  }
}

describe('whatever happens to an incident', () => {
  afterAll(() => {
    // It went everywhere, or the agreement would prove little.
    for (const what of ['extend', 'suspend', 'regrade', 'recall', 'decline', 'verify', 'return', 'fail', 'appeal', 'other']) {
      expect(met.get(what) ?? 0, what).toBeGreaterThan(10);
    }
    for (const verb of ['urge', 'supervise', 'lapse', 'resume', 'assignCheck', 'answerVerification']) {
      expect(met.get(`system ${verb}`) ?? 0, verb).toBeGreaterThan(10);
    }
  });

  it('rules and reference expect the same, at each move and to the millisecond', () => {
    fc.assert(
      fc.property(
        figures,
        start,
        fc.integer({ min: 10, max: 900 }),
        fc.constantFrom<Level>('R2', 'R3', 'R3', 'R4'),
        fc.boolean(),
        fc.array(act, { minLength: 4, maxLength: 16 }),
        (of, at, resolve, level, fromWork, acts) => {
          const timeline = new Timeline(of, at, resolve * MINUTE_MS, level);
          timeline.proveNext();
          if (fromWork) timeline.toHandling('drainage-1', () => 0);
          for (const one of acts) {
            timeline.pass(one.afterMs);
            if (play(timeline, one)) count(one.what);
          }
          if (!isEnd(timeline.incident.state)) timeline.pass(24 * HOUR_MS);
          for (const verb of timeline.bySystem) count(`system ${verb}`);
        },
      ),
      { numRuns: 600, seed: SEED },
    );
  });
});
