import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMove, type EncodedMove } from '../../src/ws/encode.ts';
import { ReplayBuffer } from '../../src/ws/ring.ts';
import { chatter, numbered } from './support/story.ts';

const MOVES = numbered(chatter(60)).map(encodeMove);

describe('the replay buffer', () => {
  it('gives any run that it still has, as a plain list would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 200, max: 4_000 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (most, bytes, start, after, limit) => {
          const buffer = new ReplayBuffer({ moves: most, bytes });
          let kept: EncodedMove[] = [];
          for (const move of MOVES.slice(start)) {
            buffer.push(move);
            kept = [...kept, move].slice(-most);
            while (kept.length > 1 && kept.reduce((sum, m) => sum + m.bytes, 0) > bytes) kept = kept.slice(1);
            expect(buffer.size).toBe(kept.length);
            expect(buffer.bytes).toBe(kept.reduce((sum, m) => sum + m.bytes, 0));
          }
          const complete = kept.some((m) => m.seq === after + 1);
          expect(buffer.after(after, limit)).toEqual(complete ? kept.filter((m) => m.seq > after).slice(0, limit) : null);
        },
      ),
    );
  });

  it('refuses a hole', () => {
    const buffer = new ReplayBuffer({ moves: 10, bytes: 10_000 });
    buffer.push(MOVES[0]!);
    expect(() => buffer.push(MOVES[2]!)).toThrow(RangeError);
  });

  it('starts anew anywhere once it was cleared', () => {
    const buffer = new ReplayBuffer({ moves: 10, bytes: 10_000 });
    for (const move of MOVES.slice(20, 30)) buffer.push(move);
    buffer.clear();
    expect(buffer.after(25, 5)).toBeNull();
    buffer.push(MOVES[3]!);
    expect(buffer.after(3, 5)).toEqual([MOVES[3]]);
    expect(buffer.size).toBe(1);
  });
});
