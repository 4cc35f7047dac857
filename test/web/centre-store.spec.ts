import { describe, expect, it } from 'vitest';
import { watch } from 'vue';
import { makeIncidentStore, type StoreDeps } from '../../web/centre/queue/store.ts';
import { ApiProblem } from '../../web/shared/problem.ts';
import type { MoveItem } from '../../web/shared/types.ts';
import type { CentreIncident } from '../../web/centre/incident.ts';

const incident = (id: string, version = 1, state = 'reported') =>
  ({ id, version, state, reportedAt: '2026-11-20T07:00:00.000Z' }) as CentreIncident;
const moved = (id: string, version: number) => ({ incident: id, version }) as MoveItem;
const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

/** A service whose answers and clock the test holds in its hands. */
function service(listed: CentreIncident[]) {
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const held = new Map<string, (answer: CentreIncident) => void>();
  const state = { listed, one: (id: string) => incident(id, 2), some: (id: string) => [incident(id, 2)], reads: 0, lists: 0, hold: false };
  const deps: { -readonly [K in keyof StoreDeps]: StoreDeps[K] } = {
    openPage: async () => {
      state.lists += 1;
      return { items: state.listed, next: null };
    },
    endedPage: async () => ({ items: [incident('old', 9, 'closed')], next: null }),
    one: (id) => {
      asked.push(id);
      if (state.hold) return new Promise((answer) => held.set(id, answer));
      return Promise.resolve(state.one(id));
    },
    some: async (ids) => {
      state.reads += 1;
      return ids.flatMap((id) => state.some(id));
    },
    later: (_ms, run) => void timers.push(run),
  };
  return {
    store: makeIncidentStore(deps),
    state,
    deps,
    asked,
    held,
    pass: async () => {
      for (const run of timers.splice(0)) run();
      await settle();
    },
  };
}

describe('the incidents of the centre', () => {
  it('fetches what moved, once for many moves of the same incident', async () => {
    const { store, asked, pass } = service([incident('a'), incident('b')]);
    await store.load();
    store.take([moved('a', 2), moved('a', 3), moved('b', 2)]);
    store.take([moved('a', 4)]);
    await pass();
    expect(asked.sort()).toEqual(['a', 'b']);
    expect(store.all.value.get('b')?.version).toBe(2);
  });

  it('asks nothing about a move that it has seen already', async () => {
    const { store, asked, pass } = service([incident('a', 3)]);
    await store.load();
    store.take([moved('a', 2), moved('a', 3)]);
    await pass();
    expect(asked).toEqual([]);
  });

  it('asks for many at once when many moved, and drops those that are no longer in scope', async () => {
    const { store, state, asked, pass } = service([incident('n1'), incident('n2')]);
    await store.load();
    state.some = (id) => (id === 'n2' ? [] : [incident(id, 2)]);
    store.take(Array.from({ length: 240 }, (_, i) => moved(`n${i}`, 2)));
    await pass();
    expect(asked).toEqual([]);
    expect({ reads: state.reads, lists: state.lists }).toEqual({ reads: 3, lists: 1 });
    expect(store.all.value.size).toBe(239);
    expect(store.all.value.has('n2')).toBe(false);
  });

  it('reads the list when a thousand moved', async () => {
    const { store, state, pass } = service([incident('a')]);
    await store.load();
    store.take(Array.from({ length: 1_000 }, (_, i) => moved(`n${i}`, 1)));
    await pass();
    expect({ reads: state.reads, lists: state.lists }).toEqual({ reads: 0, lists: 2 });
  });

  it('shows the most urgent at once, and takes in the rest of five thousand in a few pieces', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => incident(`i${i}`));
    const { store, deps } = service(many);
    let page = 0;
    deps.openPage = async () => {
      const items = many.slice(page * 200, (page + 1) * 200);
      page += 1;
      return { items, next: page * 200 < many.length ? String(page) : null };
    };
    const sizes: number[] = [];
    watch(store.all, (all) => sizes.push(all.size), { flush: 'sync' });
    await store.load();
    expect(sizes[0]).toBe(200);
    expect(sizes.at(-1)).toBe(5_000);
    expect(sizes.length).toBeLessThan(8);
    expect(store.cutOff.value).toBe(false);
  });

  it('keeps the newer when answers overtake each other', async () => {
    const { store } = service([incident('a', 5)]);
    await store.load();
    store.put([incident('a', 4)], false);
    expect(store.all.value.get('a')?.version).toBe(5);
  });

  it('drops what left the scope, and what is no longer on the list', async () => {
    const { store, state, pass } = service([incident('a'), incident('b')]);
    await store.load();
    state.one = () => {
      throw new ApiProblem(404, { code: 'not-found' });
    };
    store.take([moved('a', 2)]);
    await pass();
    expect([...store.all.value.keys()]).toEqual(['b']);
    state.listed = [];
    await store.load();
    expect(store.open.value).toEqual([]);
  });

  it('does not drop what came while the list was being read', async () => {
    const { store, state } = service([incident('a')]);
    await store.load();
    const reading = store.load();
    store.put([incident('new', 1)], true);
    state.listed = [incident('a')];
    await reading;
    expect([...store.all.value.keys()].sort()).toEqual(['a', 'new']);
  });

  it('marks a new row, and only for a while', async () => {
    const { store, pass } = service([incident('a')]);
    await store.load();
    expect(store.fresh.size).toBe(0);
    store.take([moved('n', 1)]);
    await pass();
    expect(store.fresh.has('n')).toBe(true);
    await pass();
    expect(store.fresh.has('n')).toBe(false);
  });

  it('moves what ended from the queue to the ended ones', async () => {
    const { store, state, pass } = service([incident('a')]);
    await store.load();
    await store.loadEnded();
    state.one = (id) => incident(id, 2, 'closed');
    store.take([moved('a', 2)]);
    await pass();
    expect(store.open.value).toEqual([]);
    expect(store.ended.value.map((i) => i.id).sort()).toEqual(['a', 'old']);
  });

  it('says that it could not read, and keeps what it has', async () => {
    const failing = service([incident('a')]);
    await failing.store.load();
    failing.state.one = () => {
      throw new ApiProblem(503, { code: 'busy' });
    };
    failing.store.take([moved('a', 2)]);
    await failing.pass();
    expect(failing.store.problem.value?.code).toBe('busy');
    expect(failing.store.open.value).toHaveLength(1);
  });

  it('asks again for what moved while it was asking', async () => {
    const { store, state, asked, held, pass } = service([incident('a')]);
    await store.load();
    state.hold = true;
    store.take([moved('a', 2)]);
    await pass();
    store.take([moved('a', 3)]);
    await pass();
    expect(asked).toEqual(['a']);
    state.hold = false;
    state.one = (id) => incident(id, 3);
    held.get('a')!(incident('a', 2));
    await settle();
    await pass();
    expect(asked).toEqual(['a', 'a']);
    expect(store.all.value.get('a')?.version).toBe(3);
  });

  it('reads again what it could not read, and takes back what it said', async () => {
    const { store, state, asked, pass } = service([incident('a')]);
    await store.load();
    state.one = () => {
      throw new ApiProblem(503, { code: 'busy' });
    };
    store.take([moved('r1', 1)]);
    await pass();
    expect(store.problem.value?.code).toBe('busy');
    state.one = (id) => incident(id, 2);
    // Not with the next move: the cursor is past it, so time alone brings it, or the connection.
    await pass();
    expect(asked).toEqual(['r1', 'r1']);
    expect(store.all.value.has('r1')).toBe(true);
    expect(store.problem.value).toBeNull();
  });

  it.each([4, 1_000])('reads all of %i again that it could not read at once', async (n) => {
    const { store, state, deps, pass } = service([incident('a')]);
    await store.load();
    const [some, page] = [deps.some, deps.openPage];
    const away = () => Promise.reject(new ApiProblem(0, {}));
    Object.assign(deps, { some: away, openPage: away });
    store.take(Array.from({ length: n }, (_, i) => moved(`n${i}`, 1)));
    await pass();
    Object.assign(deps, { some, openPage: page });
    state.listed = Array.from({ length: n }, (_, i) => incident(`n${i}`));
    await pass();
    expect(store.all.value.has(`n${n - 1}`)).toBe(true);
    expect(store.problem.value).toBeNull();
  });
});
