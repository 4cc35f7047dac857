import { describe, expect, it } from 'vitest';
import { boxAround, roomForLabels } from '../../web/centre/map/label-room.ts';

describe('单位名 (labels beside their points)', () => {
  const size = { width: 80, height: 20, clear: 10 };

  it('stand to the right where there is room', () => {
    expect(roomForLabels([{ x: 100, y: 100, ...size }], [])).toEqual([{ dx: 50, dy: 0 }]);
  });

  it('of two bases side by side go to opposite sides, off the mark of the other', () => {
    const [first, second] = roomForLabels(
      [
        { x: 100, y: 100, ...size },
        { x: 104, y: 108, ...size },
      ],
      [boxAround(100, 100, 18), boxAround(104, 108, 18)],
    );
    expect(first).toEqual({ dx: -50, dy: 0 });
    expect(second).toEqual({ dx: 50, dy: 0 });
  });

  it('leave the mark of an incident free', () => {
    expect(roomForLabels([{ x: 100, y: 100, ...size }], [boxAround(150, 100, 30)])).toEqual([{ dx: -50, dy: 0 }]);
  });

  it('are left out when nothing is free, and take no room then', () => {
    const here = { x: 100, y: 100, ...size };
    const all = roomForLabels([here, here, here, here, here, { ...here, x: 400 }], []);
    expect(all.map((room) => room !== null)).toEqual([true, true, true, true, false, true]);
  });
});
