import { describe, expect, it } from 'vitest';
import { scrollTo, windowOf } from '../../web/centre/queue/window.ts';

const LIST = { counts: [3, 5_000, 40], rowPx: 70, headPx: 28 };
const VIEW_PX = 700;

describe('a queue of five thousand', () => {
  const whole = LIST.counts.reduce((sum, n) => sum + LIST.headPx + n * LIST.rowPx, 0);

  it('draws the rows in view and a few beside them, and is as high as if all were drawn', () => {
    for (let top = 0; top < whole; top += 3_456) {
      const windows = windowOf(LIST, top, VIEW_PX);
      const drawn = windows.reduce((sum, w) => sum + w.last - w.first, 0);
      expect(drawn).toBeLessThan(VIEW_PX / LIST.rowPx + 20);
      const height = windows.reduce((sum, w) => sum + LIST.headPx + w.above + (w.last - w.first) * LIST.rowPx + w.below, 0);
      expect(height).toBe(whole);
    }
  });

  it('draws every row that is seen', () => {
    for (const top of [0, 100, 5_000, 200_000, whole - VIEW_PX]) {
      const windows = windowOf(LIST, top, VIEW_PX);
      let start = 0;
      for (const [s, count] of LIST.counts.entries()) {
        for (let row = 0; row < count; row++) {
          const from = start + LIST.headPx + row * LIST.rowPx;
          if (from + LIST.rowPx <= top || from >= top + VIEW_PX) continue;
          const inside = row >= windows[s]!.first && row < windows[s]!.last;
          expect([top, s, row, inside]).toEqual([top, s, row, true]);
        }
        start += LIST.headPx + count * LIST.rowPx;
      }
    }
  });

  it('scrolls to a row no further than needed, and not under the heading that stays', () => {
    expect(scrollTo(LIST, 0, 0, 0, VIEW_PX)).toBeNull();
    const down = scrollTo(LIST, 1, 4_000, 0, VIEW_PX)!;
    const { first, last } = windowOf(LIST, down, VIEW_PX)[1]!;
    expect(4_000 >= first && 4_000 < last).toBe(true);
    expect(scrollTo(LIST, 1, 4_000, down, VIEW_PX)).toBeNull();
    const up = scrollTo(LIST, 1, 10, down, VIEW_PX)!;
    expect(up).toBe(3 * 70 + 28 + 10 * 70);
  });
});
