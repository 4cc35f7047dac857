import { describe, expect, it } from 'vitest';
import { compared, grouped } from '../../web/shared/lightbox-groups.ts';
import type { WirePhoto } from '../../web/shared/types.ts';

const photo = (id: string, kind: WirePhoto['kind'], minute: number): WirePhoto => ({
  id,
  kind,
  at: `2026-11-20T07:${String(minute).padStart(2, '0')}:00.000Z`,
});

describe('前、中、后', () => {
  const photos = [
    photo('c', 'check', 50),
    photo('e1', 'evidence', 20),
    photo('f', 'found', 1),
    photo('e2', 'evidence', 30),
    photo('a', 'after', 40),
    photo('b', 'before', 10),
  ];

  it('each photo has its place, oldest first', () => {
    const groups = grouped(photos);
    expect(groups.before.map((p) => p.id)).toEqual(['f', 'b']);
    expect(groups.during.map((p) => p.id)).toEqual(['e1', 'e2']);
    expect(groups.after.map((p) => p.id)).toEqual(['a', 'c']);
  });

  it('beside each other stand how it was at first, and how it is now', () => {
    const { before, during, after } = compared(photos);
    expect([before?.id, during?.id, after?.id]).toEqual(['f', 'e2', 'c']);
    expect(compared([]).during).toBeUndefined();
  });
});
