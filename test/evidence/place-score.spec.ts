import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scorePhoto, scoreReport, type PhotoFacts, type ReportFacts } from '../../src/evidence/place-score.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const taken = (by: Partial<PhotoFacts> = {}): PhotoFacts => ({ distanceM: 5, ageMs: 2 * MINUTE, timeFrom: 'file', clockAheadMs: 0, ...by });
const report = (by: Partial<ReportFacts> = {}): ReportFacts => ({ accuracyM: 8, borderM: 120, ownCell: true, photos: [taken()], ...by });
const silent = taken({ distanceM: null, ageMs: null, timeFrom: null });

describe('现场证明 (how well a report proves its place)', () => {
  it.each<[string, Partial<ReportFacts>, string, string[]]>([
    [
      'two photos taken at the spot, a good fix, well inside the cell',
      { photos: [taken(), taken({ distanceM: 12 })] },
      'strong',
      ['accurate', 'inside-cell', 'photo-here', 'photo-fresh', 'several-here'],
    ],
    [
      'a photo of which only the page says when',
      { photos: [taken({ distanceM: null, timeFrom: 'page' })] },
      'fair',
      ['photo-no-place', 'photo-fresh'],
    ],
    ['a place set by hand, with a fresh photo that says where', { accuracyM: null }, 'strong', ['by-hand', 'photo-here']],
    [
      'a place moved by hand a little from a good fix',
      { accuracyM: null, measured: { distanceM: 60, accuracyM: 12 } },
      'strong',
      ['by-hand-here'],
    ],
    [
      'a place set by hand from the other end of town',
      { accuracyM: null, measured: { distanceM: 2_400, accuracyM: 12 } },
      'fair',
      ['by-hand-far'],
    ],
    ['no photo', { photos: [] }, 'weak', ['no-photo']],
    ['a photo from three kilometres away', { photos: [taken({ distanceM: 3_000 })] }, 'weak', ['photo-elsewhere']],
    ['a photo of last week', { photos: [taken({ ageMs: 7 * DAY })] }, 'fair', ['photo-old']],
    ['a bad fix near the border', { accuracyM: 160, borderM: 40 }, 'fair', ['rough', 'on-border']],
    ['somebody else’s cell', { ownCell: false }, 'strong', ['other-cell']],
    ['a clock that runs an hour ahead', { photos: [taken({ clockAheadMs: 60 * MINUTE })] }, 'strong', ['clock-ahead']],
    ['one photo from elsewhere beside one from here', { photos: [taken({ distanceM: 4_000 }), taken()] }, 'strong', ['photo-here']],
    [
      'nothing but a place set by hand',
      { accuracyM: null, borderM: null, ownCell: null, photos: [silent] },
      'weak',
      ['by-hand', 'photo-no-place', 'photo-no-time'],
    ],
  ])('%s', (_, by, band, codes) => {
    const { score, band: is, reasons } = scoreReport(report(by));
    expect({ score, band: is }).toMatchObject({ band });
    expect(reasons.map((r) => r.code)).toEqual(expect.arrayContaining(codes));
    for (const reason of reasons) expect(reason).toMatchObject({ zh: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) });
  });

  it('says what would raise it wherever something is lacking', () => {
    const raises = (by: Partial<ReportFacts>) => scoreReport(report(by)).reasons.flatMap((r) => r.raise?.zh ?? []);
    expect(raises({})).toEqual([]);
    expect(raises({ photos: [] })).toEqual(['拍一张现场照片']);
    expect(raises({ accuracyM: 160 })).toEqual(['到空旷处等几秒，定位会更准']);
    expect(raises({ photos: [taken({ distanceM: 900 })] })).toEqual(['到现场补拍一张']);
  });

  const metres = fc.integer({ min: 0, max: 5_000 });
  const age = fc.integer({ min: -3 * DAY, max: 3 * DAY });
  it('never rises with the distance, the age or the error of the fix', () => {
    fc.assert(
      fc.property(metres, metres, age, fc.integer({ min: 0, max: 3 * DAY }), (m, more, ageMs, older) => {
        const one = scorePhoto(taken({ distanceM: m, ageMs })).score;
        expect(scorePhoto(taken({ distanceM: m + more, ageMs })).score).toBeLessThanOrEqual(one);
        expect(scorePhoto(taken({ distanceM: m, ageMs: ageMs + Math.sign(ageMs || 1) * older })).score).toBeLessThanOrEqual(one);
        expect(scoreReport(report({ accuracyM: m + more, borderM: null })).score).toBeLessThanOrEqual(
          scoreReport(report({ accuracyM: m, borderM: null })).score,
        );
      }),
    );
  });

  it('stays within a hundred, and another photo from the spot never lowers it', () => {
    const photo = fc.record({
      distanceM: fc.option(metres),
      ageMs: fc.option(age),
      timeFrom: fc.constantFrom('file', 'page', null),
      clockAheadMs: fc.integer({ min: 0, max: DAY }),
    });
    fc.assert(
      fc.property(fc.array(photo, { minLength: 1, maxLength: 5 }), fc.option(fc.integer({ min: 0, max: 500 })), (photos, accuracyM) => {
        const before = scoreReport(report({ photos, accuracyM })).score;
        expect(before).toBeGreaterThanOrEqual(0);
        expect(scoreReport(report({ photos: [...photos, taken({ distanceM: 0, ageMs: 0 })], accuracyM })).score).toBeGreaterThanOrEqual(
          before,
        );
        expect(before).toBeLessThanOrEqual(100);
      }),
    );
  });
});
