import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OFFERED_FROM, ownWords, roughly, similarity, STRONG_FROM, type Kind, type Sighting } from '../../src/dispatch/similar.ts';
import { textLikeness } from '../../src/dispatch/text-likeness.ts';
import { distanceM } from '../../src/grid/nearest.ts';

const RULES = { withinM: 60, withinDays: 30 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const kind = (code: string, nameZh: string): Kind => ({
  code,
  category: code.slice(0, 5),
  kind: 'component',
  classCode: code.slice(1, 3),
  nameZh,
});
const WATER_COVER = kind('C0101-01', '上水井盖');
const WATER_COVER_CHIPPED = kind('C0101-02', '上水井盖');
const SEWER_COVER = kind('C0102-01', '污水井盖');
const BOLLARD = kind('C0137-01', '路灯');
const ROAD_PIT: Kind = { ...kind('C0204-01', '道路破损') };
const MIDDLE = { lng: 113.05, lat: 23.7 };
/** So many metres east of the middle. */
const east = (m: number, accuracyM?: number) => ({
  lng: MIDDLE.lng + m / (111_195 * Math.cos((MIDDLE.lat * Math.PI) / 180)),
  lat: MIDDLE.lat,
  ...(accuracyM === undefined ? {} : { accuracyM }),
});
const seen = (by: Partial<Sighting> = {}): Sighting => ({ kind: WATER_COVER, position: MIDDLE, atMs: 100 * DAY, words: null, ...by });

describe('相似事件 (may two reports be one thing)', () => {
  const cases: readonly {
    it: string;
    a: Partial<Sighting>;
    b: Partial<Sighting>;
    is: 'strong' | 'offered' | 'faint' | 'none';
    by?: string[];
  }[] = [
    {
      it: 'the same kind, ten metres away, an hour later',
      a: {},
      b: { position: east(10), atMs: 100 * DAY + HOUR },
      is: 'strong',
      by: ['same-row', 'close-by', 'fresh'],
    },
    {
      it: 'the cover gone for one and chipped for the other',
      a: {},
      b: { kind: WATER_COVER_CHIPPED },
      is: 'strong',
      by: ['same-category'],
    },
    {
      it: 'a water cover for one and a sewer cover for the other, same words',
      a: { words: '菜市场门口井盖不见了' },
      b: { kind: SEWER_COVER, words: '井盖没了，在菜市场东门口' },
      is: 'strong',
      by: ['related-category', 'words'],
    },
    { it: 'a water cover and a sewer cover, in silence', a: {}, b: { kind: SEWER_COVER }, is: 'offered', by: ['related-category'] },
    {
      it: 'another thing of the same class at the far side',
      a: {},
      b: { kind: BOLLARD, position: east(58), atMs: 120 * DAY },
      is: 'faint',
    },
    { it: 'a pit in the road beside a cover', a: {}, b: { kind: ROAD_PIT }, is: 'none' },
    { it: 'the same kind at the next crossing', a: {}, b: { position: east(150) }, is: 'none' },
    {
      it: 'the same kind 75 m away, but both phones err by 60 m',
      a: { position: { ...MIDDLE, accuracyM: 60 } },
      b: { position: east(75, 60) },
      is: 'strong',
      by: ['near'],
    },
    {
      it: 'far away, however badly the phones know their place',
      a: { position: { ...MIDDLE, accuracyM: 5_000 } },
      b: { position: east(300, 5_000) },
      is: 'none',
    },
    { it: 'the same place after two months', a: {}, b: { atMs: 160 * DAY }, is: 'none' },
  ];
  it.each(cases)('$it: $is', ({ a, b, is, by }) => {
    const found = similarity(seen(a), seen(b), RULES);
    if (is === 'none') return expect(found).toBeNull();
    const score = found!.score;
    expect({ score, is: score >= STRONG_FROM ? 'strong' : score >= OFFERED_FROM ? 'offered' : 'faint' }).toMatchObject({ is });
    for (const code of by ?? []) expect(found!.reasons.map((r) => r.code)).toContain(code);
    for (const reason of found!.reasons) expect(reason).toMatchObject({ zh: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) });
  });

  it('says how far and how long in the reasons', () => {
    const found = similarity(seen(), seen({ position: east(23), atMs: 103 * DAY }), RULES)!;
    expect(found.distanceM).toBe(23);
    expect(found.reasons.map((r) => r.zh)).toEqual(['同一类', '相距 23 米', '前后 3 天']);
  });

  const KINDS = [WATER_COVER, WATER_COVER_CHIPPED, SEWER_COVER, BOLLARD, ROAD_PIT];
  const sighting = fc.record({
    kind: fc.constantFrom(...KINDS),
    position: fc.record({
      lng: fc.double({ min: 113.049, max: 113.051, noNaN: true }),
      lat: fc.double({ min: 23.699, max: 23.701, noNaN: true }),
      accuracyM: fc.integer({ min: 0, max: 200 }),
    }),
    atMs: fc.integer({ min: 90 * DAY, max: 130 * DAY }),
    words: fc.option(fc.string({ unit: fc.constantFrom(...'井盖路面有坑菜市场门口不见了的 ，ab12') })),
  });

  it('is the same from both sides, and a score of a hundred at most', () => {
    fc.assert(
      fc.property(sighting, sighting, (a, b) => {
        const there = similarity(a, b, RULES);
        const back = similarity(b, a, RULES);
        expect(there?.score).toBe(back?.score);
        expect(there === null || (there.score >= 0 && there.score <= 100)).toBe(true);
      }),
    );
  });

  it('says of a rough place only in which square of the ground it lies, from wherever it is asked', () => {
    fc.assert(
      fc.property(sighting, sighting, (asked, there) => {
        const position = { ...there.position, ...roughly(there.position) };
        expect(distanceM(position, there.position)).toBeLessThan(14.2);
        const found = similarity(asked, { ...there, rough: true }, RULES);
        expect(found).toEqual(similarity(asked, { ...there, position, rough: true }, RULES));
        expect((found?.distanceM ?? 0) % 20).toBe(0);
      }),
    );
  });

  it('never rises with the distance, nor with the time between', () => {
    fc.assert(
      fc.property(
        sighting,
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 0, max: 40 }),
        (a, m, further, days) => {
          const at = (metres: number, laterDays: number) =>
            similarity(
              { ...a, position: { ...MIDDLE, accuracyM: 10 } },
              { ...a, position: east(metres, 10), atMs: a.atMs + laterDays * DAY },
              RULES,
            )?.score ?? -1;
          expect(at(m + further, 0)).toBeLessThanOrEqual(at(m, 0));
          expect(at(m, days)).toBeLessThanOrEqual(at(m, 0));
        },
      ),
    );
  });
});

describe('two descriptions', () => {
  it.each([
    ['雨水箅子翻起来了，电动车差点掉进去', '菜市场东门的雨水箅子翻起，有电动车差点掉进去', 0.5, 1],
    ['路面有坑', '路面的坑', 0.4, 1],
    ['垃圾堆了三天没人收', '巷口的垃圾三天没有人收，很臭', 0.3, 1],
    ['井盖不见了', '夜里施工噪声太大', 0, 0],
    ['ＡＢＣ大厦', 'abc大厦！', 1, 1],
    ['', '井盖不见了', 0, 0],
    ['。，！', '。，！', 0, 0],
  ])('「%s」 and 「%s」', (a, b, least, most) => {
    expect(textLikeness(a, b)).toBeGreaterThanOrEqual(least);
    expect(textLikeness(a, b)).toBeLessThanOrEqual(most);
  });

  it('are as like one way as the other, and nothing is liker than itself', () => {
    const words = fc.string({ unit: fc.constantFrom(...'井盖路面有坑菜市场门口不见了的 ，ab12') });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(textLikeness(a, b)).toBe(textLikeness(b, a));
        expect(textLikeness(a, b)).toBeLessThanOrEqual(1);
        expect([0, 1]).toContain(Math.round(textLikeness(a, a) * 1e9) / 1e9);
      }),
    );
  });

  it('do not count when the page wrote them', () => {
    const category = { nameZh: '上水井盖', openZh: '井口外露' };
    expect(ownWords('上水井盖：井口外露', category)).toBeNull();
    expect(ownWords('  ', category)).toBeNull();
    expect(ownWords('菜市场门口井盖不见了', category)).toBe('菜市场门口井盖不见了');
  });
});
