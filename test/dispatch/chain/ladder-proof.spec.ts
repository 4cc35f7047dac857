/** The proof of the log can fail: each fault that a system with clocks can have is planted in a good log, and is found. */
import { beforeAll, describe, expect, it } from 'vitest';
import { LADDER } from './reference-clock.ts';
import { proveLadder } from './ladder-proof.ts';
import type { LoggedMove } from './reference-incident.ts';
import { MINUTE_MS, midnight } from './reference-time.ts';
import { figuresOf, OFFICE_HOURS, Timeline } from './timeline.ts';
import { SUBDISTRICT } from './world.ts';

const HOUR_MS = 60 * MINUTE_MS;
const START_MS = midnight('2026-11-19') + 9 * HOUR_MS;
const RESOLVE_MS = 5 * HOUR_MS;
const figures = figuresOf(new Map(), OFFICE_HOURS, () => 40);
const category = { level: 'R3', resolve: { ms: RESOLVE_MS, kind: 'working' as const } };

describe('the proof of the ladder', () => {
  let log: readonly LoggedMove[];
  /** Someone looked at every minute. */
  let looks: number[];
  let endMs: number;
  const prove = (moves: readonly LoggedMove[]) => proveLadder(figures.law, category, 'R3', moves, looks).findings;
  const at = (what: (m: LoggedMove) => boolean) => {
    const i = log.findIndex(what);
    expect(i).toBeGreaterThan(0);
    return i;
  };
  const rung = (clock: 'step' | 'total', share: number) =>
    at((m) => m.payload.clock === clock && m.payload.share === share && m.from === 'handling');
  const without = (i: number) => log.filter((_, k) => k !== i);
  const with_ = (i: number, move: LoggedMove) => [...log.slice(0, i), move, ...log.slice(i)];
  const moved = (i: number, ms: number) => log.map((m, k) => (k === i ? { ...m, atMs: m.atMs + ms } : m));

  beforeAll(() => {
    const timeline = new Timeline(figures, START_MS, RESOLVE_MS);
    timeline.toHandling('drainage-1', () => 21 * MINUTE_MS);
    timeline.pass(2 * HOUR_MS);
    timeline.suspend(20 * HOUR_MS);
    timeline.pass(21 * HOUR_MS);
    timeline.pass(120 * HOUR_MS);
    timeline.do({ verb: 'recall', reason: '换一家' }, SUBDISTRICT);
    timeline.toHandling('police-1', () => 10 * MINUTE_MS);
    timeline.pass(30 * HOUR_MS);
    log = timeline.moves;
    endMs = timeline.nowMs;
    looks = [];
    for (let ms = START_MS; ms <= endMs; ms += 1_000) looks.push(ms);
  });

  it('finds nothing in a log that is right, and saw each rung of both clocks in it', () => {
    const proof = proveLadder(figures.law, category, 'R3', log, looks);
    expect(proof.findings).toEqual([]);
    for (const clock of ['step', 'total']) for (const share of LADDER) expect(proof.did).toContain(`${clock} ${share}`);
    for (const what of ['resume', 'step repeat']) expect(proof.did).toContain(what);
  });

  it.each(LADDER.flatMap((share) => (['step', 'total'] as const).map((clock) => ({ clock, share }))))(
    'finds a rung that is skipped, or said twice, or early: $clock $share %',
    ({ clock, share }) => {
      const i = rung(clock, share);
      expect(prove(without(i))).not.toEqual([]);
      expect(prove(with_(i + 1, log[i]!))).not.toEqual([]);
      expect(prove(moved(i, -1))).not.toEqual([]);
    },
  );

  it('finds a rung that is said later than somebody looked', () => {
    expect(prove(moved(rung('step', 100), 10_000))).not.toEqual([]);
  });

  it('finds the last rung missing at the end of the log', () => {
    const last = log.length - 1;
    expect(log[last]!.actor).toBe('system');
    expect(prove(log.slice(0, last))).not.toEqual([]);
  });

  it('finds a rung of the wrong clock, and one of the wrong share', () => {
    const i = rung('step', 80);
    const as = (payload: LoggedMove['payload']) => log.map((m, k) => (k === i ? { ...m, payload: { ...m.payload, ...payload } } : m));
    expect(prove(as({ clock: 'total' }))).not.toEqual([]);
    expect(prove(as({ share: 100 }))).not.toEqual([]);
  });

  it('finds a suspension that the system ended early, or never', () => {
    const i = at((m) => m.verb === 'resume');
    expect(prove(moved(i, -1_000))).not.toEqual([]);
    expect(prove(log.slice(0, i))).not.toEqual([]);
  });

  it('finds two rungs that were said in the wrong order', () => {
    const i = rung('step', 150);
    const [before, after] = [log[i]!, log[i + 1]!];
    expect(after.actor).toBe('system');
    const swapped = [...log.slice(0, i), { ...after, atMs: after.atMs }, { ...before, atMs: after.atMs }, ...log.slice(i + 2)];
    expect(prove(swapped)).not.toEqual([]);
  });
});
