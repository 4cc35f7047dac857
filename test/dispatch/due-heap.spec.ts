import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../src/dispatch/due-heap.ts';

const IDS = Array.from({ length: 10 }, () => randomUUID());
const [A] = IDS as [string];
const due = (id: string, version: number, dueMs: number, atMs = dueMs) => ({ id, version, dueMs, atMs });

/** As PostgreSQL packs one: microseconds from 2000-01-01; null stands for `infinity`. */
function packed(id: string, version: number, dueMs: number | null): Buffer {
  const record = Buffer.alloc(28);
  record.write(id.replaceAll('-', ''), 0, 'hex');
  record.writeInt32BE(version, 16);
  record.writeBigInt64BE(dueMs === null ? 0x7fffffffffffffffn : BigInt(dueMs - 946_684_800_000) * 1000n, 20);
  return record;
}

describe('the heap of what is due', () => {
  it('gives what is due, earliest first, each incident once with its newest time: as a plain list would', () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 9 }),
      dueMs: fc.option(fc.integer({ min: 0, max: 50 })),
      take: fc.integer({ min: -20, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const heap = new DueHeap();
        const plain = new Map<string, number>();
        steps.forEach(({ id: n, dueMs, take }, version) => {
          const id = IDS[n]!;
          if (dueMs === null) {
            heap.drop(id, version);
            plain.delete(id);
          } else {
            heap.set(due(id, version, dueMs));
            plain.set(id, dueMs);
          }
          expect(heap.nextMs()).toBe(Math.min(Infinity, ...plain.values()));
          const near = [...plain].filter(([, at]) => at > take && at <= take + 10).map(([name]) => name);
          expect(heap.coming(take, take + 10, 100).sort()).toEqual(near.sort());
          const expected = [...plain].filter(([, at]) => at <= take).map(([name, at]) => `${at} ${name}`);
          const taken = heap.takeDue(take, 100);
          expect(taken.map((d) => d.dueMs)).toEqual(taken.map((d) => d.dueMs).sort((a, b) => a - b));
          expect(taken.map((d) => `${d.dueMs} ${d.id}`).sort()).toEqual(expected.sort());
          for (const { id: gone } of taken) plain.delete(gone);
          expect(heap.size).toBe(plain.size);
        });
      }),
    );
  });

  it('does not go back to what an older version said', () => {
    const heap = new DueHeap();
    heap.set(due(A, 5, 100));
    heap.set(due(A, 4, 10));
    heap.drop(A, 4);
    expect([heap.knows(A, 5), heap.knows(A, 6)]).toEqual([true, false]);
    expect(heap.takeDue(99, 10)).toEqual([]);
    expect(heap.takeDue(100, 10)).toEqual([due(A, 5, 100)]);
    expect(heap.knows(A, 1)).toBe(false);
  });

  it('finds each of many again while others come, change and go', () => {
    const heap = new DueHeap();
    const ids = Array.from({ length: 5_000 }, () => randomUUID());
    for (const [i, id] of ids.entries()) heap.set(due(id, 1, i));
    for (const [i, id] of ids.entries()) if (i % 3 === 0) heap.drop(id, 1);
    for (const [i, id] of ids.entries()) if (i % 3 === 1) heap.set(due(id, 2, 10_000 - i, 20_000 - i));
    expect(heap.size).toBe(ids.filter((_, i) => i % 3 !== 0).length);
    const expected = [
      ...ids.flatMap((id, i) => (i % 3 === 2 ? [due(id, 1, i)] : [])),
      ...ids.flatMap((id, i) => (i % 3 === 1 ? [due(id, 2, 10_000 - i, 20_000 - i)] : [])).reverse(),
    ];
    expect(heap.takeDue(Infinity, 1_000)).toEqual(expected.slice(0, 1_000));
    expect(heap.takeDue(Infinity, 10_000)).toEqual(expected.slice(1_000));
    expect(heap.size).toBe(0);
  });

  it('reads records as PostgreSQL packs them; one without a time never comes', () => {
    const heap = new DueHeap();
    const [a, b, c] = IDS as [string, string, string];
    const at = Date.parse('2026-03-01T01:02:03.456Z');
    heap.setPacked(Buffer.concat([packed(a, 7, at), packed(b, 1, null), packed(c, 2, at - 86_400_000)]));
    expect(heap.takeDue(Infinity, 10)).toEqual([due(c, 2, at - 86_400_000), due(a, 7, at)]);
  });

  it.each(['', 'a', A.slice(1), `${A}0`, A.replace(/.$/, 'x')])('takes no id that is no UUID: %j', (id) => {
    expect(() => new DueHeap().set(due(id, 1, 1))).toThrow(TypeError);
  });
});
