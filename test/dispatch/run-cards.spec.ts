import { describe, expect, it } from 'vitest';
import { fillRunCard, findRunCard, type RunCardBook, type RunCardRow, type RunCardUnit } from '../../src/dispatch/chain/run-cards.ts';
import { buildNearest } from '../../src/grid/nearest.ts';

const HERE = '441802006';
const ELSEWHERE = '441802007';
/** About 1.02 km a step at this latitude. */
const kmEast = (km: number) => ({ lng: 113 + km / 102, lat: 23.7 });

function unit(code: string, type: string, km: number, changed: Partial<RunCardUnit> = {}): RunCardUnit {
  return { code, nameZh: `${code}队`, nameEn: code, type, position: kmEast(km), scope: [HERE], mayLead: true, ...changed };
}
function card(match: RunCardRow['match'], target: string, changed: Partial<RunCardRow> = {}): RunCardRow {
  return { code: `${target}-R2`, match, target, level: 'R2', leadType: 'fire', assisting: [], radiusKm: 20, ...changed };
}
function book(runCards: RunCardRow[], units: RunCardUnit[]): RunCardBook {
  const names = {
    fire: ['消防站', 'Fire station'],
    police: ['派出所', 'Police station'],
    medical: ['急救站', 'Ambulance station'],
  } as const;
  return {
    runCards,
    units: new Map(units.map((u) => [u.code, u])),
    unitTypes: new Map(Object.entries(names).map(([code, [nameZh, nameEn]]) => [code, { nameZh, nameEn }])),
    nearest: buildNearest(units),
    category: (code) => (code.startsWith('C0101') ? { category: 'C0101', leadType: 'police', assistTypes: ['medical'] } : undefined),
  };
}
const incident = { category: 'C0101-02', level: 'R2', position: kmEast(0), subdistrict: HERE, declinedBy: [], arbitration: null } as const;

describe('响应预案 (run cards)', () => {
  it('takes the card of the row before that of the category, and that before the class', () => {
    const cards = [card('class', 'C01'), card('category', 'C0101'), card('row', 'C0101-02'), card('row', 'C0101-02', { level: 'R3' })];
    const found = () => findRunCard(cards, 'C0101-02', 'C0101', 'R2')?.target;
    expect(found()).toBe('C0101-02');
    cards.splice(2, 1);
    expect(found()).toBe('C0101');
    cards.splice(1, 1);
    expect(found()).toBe('C01');
    expect(findRunCard(cards, 'C0101-02', 'C0101', 'R4')).toBeUndefined();
  });

  it('sends the nearest unit of the wanted type that serves the subdistrict', () => {
    const units = [
      unit('near-elsewhere', 'fire', 1, { scope: [ELSEWHERE] }),
      unit('far', 'fire', 9),
      unit('near', 'fire', 4),
      unit('police', 'police', 2),
    ];
    const filled = fillRunCard(incident, book([card('class', 'C01', { assisting: [{ type: 'police', count: 1 }] })], units));
    expect(filled.lead).toMatchObject({ wanted: 'fire', chosen: 'near', reason: { zh: '最近的消防站：near队，4.0 公里' } });
    expect(filled.assisting.map((a) => a.chosen)).toEqual(['police']);
    expect(filled.shortfalls).toEqual([]);
  });

  it('sends each unit once: two of the lead’s type more are the next nearest', () => {
    const units = [unit('a', 'fire', 1), unit('b', 'fire', 2), unit('c', 'fire', 3)];
    const filled = fillRunCard(incident, book([card('class', 'C01', { assisting: [{ type: 'fire', count: 3 }] })], units));
    expect([filled.lead.chosen, ...filled.assisting.map((a) => a.chosen)]).toEqual(['a', 'b', 'c', null]);
    expect(filled.shortfalls).toMatchObject([{ role: 'assist', wanted: 'fire', reason: { zh: '负责这个街镇的消防站都已派出或已退单' } }]);
  });

  it('takes the category row’s own types where the card says so', () => {
    const units = [unit('police', 'police', 1), unit('medical', 'medical', 1)];
    const filled = fillRunCard(incident, book([card('class', 'C01', { leadType: 'row', assisting: 'row' })], units));
    expect([filled.lead.chosen, ...filled.assisting.map((a) => a.chosen)]).toEqual(['police', 'medical']);
  });

  it('names what it could not fill and why, instead of sending fewer in silence', () => {
    const units = [unit('too-far', 'fire', 21), unit('only-assists', 'police', 1, { mayLead: false })];
    const noFire = fillRunCard(incident, book([card('class', 'C01', { assisting: [{ type: 'medical', count: 1 }] })], units));
    expect(noFire.lead.chosen).toBeNull();
    expect(noFire.shortfalls).toMatchObject([
      { role: 'lead', wanted: 'fire', reason: { zh: '最近的too-far队在 21.0 公里外，预案限 20 公里' } },
      { role: 'assist', wanted: 'medical', reason: { zh: '没有负责这个街镇的急救站', en: 'No ambulance station serves this subdistrict' } },
    ]);
    const police = fillRunCard(incident, book([card('class', 'C01', { leadType: 'police' })], units));
    expect(police.shortfalls).toMatchObject([{ role: 'lead', reason: { zh: '派出所只能协办' } }]);
  });

  it('does not ask again who declined this incident', () => {
    const units = [unit('declined', 'fire', 1), unit('next', 'fire', 2)];
    expect(fillRunCard({ ...incident, declinedBy: ['declined'] }, book([card('class', 'C01')], units)).lead.chosen).toBe('next');
  });

  it('gives the lead to who was ruled to be responsible, even after a decline', () => {
    const ruled = { ...incident, declinedBy: ['police'], arbitration: { state: 'ruled', unit: 'police', ruling: '属你辖区' } as const };
    const filled = fillRunCard(ruled, book([card('class', 'C01')], [unit('police', 'police', 5), unit('fire', 'fire', 1)]));
    expect(filled.lead).toMatchObject({ chosen: 'police', reason: { zh: '已裁定由police队主办' } });
  });

  it('falls back to the category’s own types without a card, and says that there is none', () => {
    const filled = fillRunCard(incident, book([], [unit('police', 'police', 90), unit('medical', 'medical', 1)]));
    expect(filled).toMatchObject({ card: null, lead: { chosen: 'police' }, shortfalls: [{ role: 'card', wanted: 'C0101-02' }] });
  });

  it('gives every choice and every shortfall a reason in both languages', () => {
    const filled = fillRunCard(
      incident,
      book([card('class', 'C01', { assisting: [{ type: 'medical', count: 1 }] })], [unit('fire', 'fire', 1)]),
    );
    for (const { reason } of [filled.lead, ...filled.assisting, ...filled.shortfalls]) {
      expect(reason.zh).toMatch(/\p{Script=Han}/u);
      expect(reason.en).toMatch(/^[ -~]+$/);
    }
  });
});
