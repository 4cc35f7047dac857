import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../src/dispatch/due-heap.ts';

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
        steps.forEach(({ id, dueMs, take }, version) => {
          if (dueMs === null) {
            heap.drop(`${id}`, version);
            plain.delete(`${id}`);
          } else {
            heap.set({ id: `${id}`, version, dueMs });
            plain.set(`${id}`, dueMs);
          }
          expect(heap.nextMs()).toBe(Math.min(Infinity, ...plain.values()));
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
    heap.set({ id: 'a', version: 5, dueMs: 100 });
    heap.set({ id: 'a', version: 4, dueMs: 10 });
    heap.drop('a', 4);
    expect(heap.takeDue(99, 10)).toEqual([]);
    expect(heap.takeDue(100, 10)).toEqual([{ id: 'a', version: 5, dueMs: 100 }]);
  });
});
