/** Several incidents at once: who is selected, what can be done with them, and that nothing is done twice or lost. */
import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { ableTo, aloneFor, BATCH_ACTIONS, batchBody, batchMissing } from '../../web/centre/batch/actions.ts';
import { makeBatch } from '../../web/centre/batch/batch.ts';
import { makeRun } from '../../web/centre/batch/run.ts';
import { makeSelection } from '../../web/centre/batch/selection.ts';
import { emptyDraft, hasForm } from '../../web/centre/moves/forms.ts';
import { ApiProblem } from '../../web/shared/problem.ts';

const WHO = { account: 'subdistrict.1', role: 'subdistrict' };
const incident = (id: string, may: readonly string[]) => ({ id, version: 3, state: 'called', level: 'R3', may });

describe('selecting rows', () => {
  const ids = ref(['a', 'b', 'c', 'd', 'e']);
  const picked = (s: ReturnType<typeof makeSelection>) => [...s.picked.value].sort();

  it('takes one, and up to another, in either direction', () => {
    const s = makeSelection(ids);
    s.toggle('b');
    s.extendTo('d');
    expect(picked(s)).toEqual(['b', 'c', 'd']);
    s.extendTo('a');
    expect(picked(s)).toEqual(['a', 'b', 'c', 'd']);
    s.toggle('c');
    expect(picked(s)).toEqual(['a', 'b', 'd']);
  });

  it('begins anew where the row that a range began at is gone', () => {
    const shown = ref(['a', 'b', 'c']);
    const s = makeSelection(shown);
    s.toggle('a');
    shown.value = ['b', 'c'];
    s.extendTo('c');
    expect(picked(s)).toEqual(['a', 'c']);
    s.extendTo('nowhere');
    expect(picked(s)).toEqual(['a', 'c']);
  });

  it('loses those that are done, and forgets all', () => {
    const s = makeSelection(ids);
    s.toggle('a');
    s.extendTo('e');
    s.drop(['a', 'c']);
    expect(picked(s)).toEqual(['b', 'd', 'e']);
    s.clear();
    expect(s.count.value).toBe(0);
  });
});

describe('what can be done with several', () => {
  it('is said for how many of them', () => {
    const some = [incident('a', ['accept', 'urge']), incident('b', ['urge']), incident('c', [])];
    expect(ableTo('accept', some, WHO, 0).map((i) => i.id)).toEqual(['a']);
    expect(ableTo('urge', some, WHO, 0).map((i) => i.id)).toEqual(['a', 'b']);
  });

  it('calls what residents reported only one by one: nobody else has seen it', () => {
    const resident = { ...incident('a', ['call', 'urge']), reportedBy: 'resident' };
    const worker = { ...incident('b', ['call']), reportedBy: 'grid.441802006001001' };
    const called = { ...incident('c', ['accept']), reportedBy: 'resident' };
    const verified = { ...incident('d', ['call']), reportedBy: 'resident', verified: true };
    const some = [resident, worker, called, verified];
    expect(ableTo('call', some, WHO, 0)).toEqual([worker, verified]);
    expect(aloneFor('call', some, WHO, 0)).toEqual([resident]);
    expect(ableTo('urge', some, WHO, 0)).toEqual([resident]);
    expect(ableTo('accept', some, WHO, 0)).toEqual([called]);
    expect(aloneFor('accept', some, WHO, 0)).toEqual([]);
  });

  it('offers only what a form of words can say', () => {
    for (const action of BATCH_ACTIONS) expect(action === 'dispatch' || hasForm(action), action).toBe(true);
    const draft = emptyDraft();
    expect(batchMissing('dispatch', draft)).toEqual([]);
    expect(batchMissing('comment', draft)).toEqual(['text']);
    expect(batchMissing('urge', draft)).toEqual([]);
  });

  it('carries on only what was seen, and says a word to whatever it has become', () => {
    const draft = { ...emptyDraft(), text: { note: ' 快些 ', text: '一起说', into: 'z', superviseLevel: '2' } };
    const one = incident('a', []);
    expect(batchBody('dispatch', draft, one)).toEqual({ verb: 'dispatch', runCard: true, note: '快些', expectedVersion: 3 });
    expect(batchBody('merge', draft, one)).toEqual({ verb: 'merge', into: 'z', expectedVersion: 3 });
    expect(batchBody('urge', draft, one)).toEqual({ verb: 'urge', note: '快些' });
    expect(batchBody('supervise', draft, one)).toEqual({ verb: 'supervise', level: 2, note: '快些' });
  });
});

describe('a run', () => {
  const refused = () => new ApiProblem(409, { code: 'version-conflict' });
  const lost = () => new ApiProblem(0, {});

  it('gives each a key of its own, and says what came of each', async () => {
    const keys = new Map<string, string>();
    const run = makeRun(['a', 'b', 'c'], async (id, key) => {
      keys.set(id, key);
      if (id === 'b') throw refused();
      if (id === 'c') throw lost();
    });
    await run.go();
    expect(run.lines.map((l) => [l.id, l.state])).toEqual([
      ['a', 'done'],
      ['b', 'refused'],
      ['c', 'unsent'],
    ]);
    expect(run.lines[1]!.problem?.code).toBe('version-conflict');
    expect(new Set(keys.values()).size).toBe(3);
  });

  it('tries only the rest again: the same key where nobody knows whether it arrived, a new one after a refusal', async () => {
    const asked: [string, string][] = [];
    let fails = true;
    const run = makeRun(['a', 'b', 'c'], async (id, key) => {
      asked.push([id, key]);
      if (fails && id === 'b') throw refused();
      if (fails && id === 'c') throw lost();
    });
    await run.go();
    fails = false;
    await run.go();
    const keysOf = (id: string) => asked.filter(([i]) => i === id).map(([, key]) => key);
    expect(keysOf('a')).toHaveLength(1);
    expect(new Set(keysOf('b')).size).toBe(2);
    expect(keysOf('c')).toHaveLength(2);
    expect(new Set(keysOf('c')).size).toBe(1);
    expect(run.lines.every((l) => l.state === 'done')).toBe(true);
  });

  it('has a few under way at once, and not all', async () => {
    let now = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const run = makeRun(
      Array.from({ length: 20 }, (_, i) => String(i)),
      () =>
        new Promise((end) => {
          most = Math.max(most, ++now);
          ends.push(() => (now--, end()));
        }),
    );
    const going = run.go();
    while (run.busy) {
      for (const end of ends.splice(0)) end();
      await Promise.resolve();
    }
    await going;
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(run.lines.filter((l) => l.state === 'done')).toHaveLength(20);
  });
});

describe('a batch', () => {
  const accept = (id: string, version = 1) => ({ ...incident(id, ['accept']), version });
  /** A desk whose service answers when it is told to. */
  function desk() {
    const sent: { id: string; body: Record<string, unknown>; key: string; end: (why?: ApiProblem) => void }[] = [];
    const rounds: [string, readonly string[], readonly string[]][] = [];
    const batch = makeBatch({
      refresh: async (id) => accept(id, 7),
      send: (id, body, key) => new Promise((done, fail) => void sent.push({ id, body, key, end: (why) => (why ? fail(why) : done()) })),
      ended: (...round) => void rounds.push(round),
    });
    return { batch, sent, rounds };
  }
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };

  it('is under way whoever looks at it: a second one is not begun, and nothing is said twice', async () => {
    const { batch, sent, rounds } = desk();
    const first = batch.start('accept', [accept('a'), accept('b')], emptyDraft());
    await settled();
    expect(batch.busy.value).toBe(true);
    await batch.start('accept', [accept('a'), accept('b')], emptyDraft());
    await batch.go();
    batch.forget();
    expect(sent.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(batch.run.value).not.toBeNull();
    for (const { end } of sent) end();
    await first;
    expect(rounds).toEqual([['accept', ['a', 'b'], []]]);
    expect(batch.busy.value).toBe(false);
  });

  it('keeps what came of each until it was read, and tries only the rest again, as the incident is by then', async () => {
    const { batch, sent, rounds } = desk();
    const first = batch.start('accept', [accept('a'), accept('b')], emptyDraft());
    await settled();
    sent[0]!.end();
    sent[1]!.end(new ApiProblem(409, { code: 'version-conflict' }));
    await first;
    expect(batch.done.value).toEqual(['a']);
    expect(batch.undone.value).toEqual(['b']);
    const again = batch.go();
    await settled();
    expect(sent.slice(2).map(({ id, body }) => [id, body['expectedVersion']])).toEqual([['b', 7]]);
    sent[2]!.end();
    await again;
    expect(rounds.at(-1)).toEqual(['accept', ['a', 'b'], []]);
    batch.forget();
    expect(batch.run.value).toBeNull();
    expect(batch.action.value).toBeNull();
  });

  it('says the same again where nobody knows whether it arrived', async () => {
    const { batch, sent } = desk();
    const first = batch.start('accept', [accept('a')], emptyDraft());
    await settled();
    sent[0]!.end(new ApiProblem(0, {}));
    await first;
    const again = batch.go();
    await settled();
    expect(sent[1]).toMatchObject({ key: sent[0]!.key, body: sent[0]!.body });
    sent[1]!.end();
    await again;
  });
});
