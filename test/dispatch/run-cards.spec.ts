import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/dispatch/chain/incident.ts';
import { fillAlarm, fillRunCard, findRunCard } from '../../src/dispatch/chain/run-cards.ts';
import { book, card, ELSEWHERE, FIRE_LEADS, INCIDENT, OFF, ON_CALL, rule, situation, unit, type Given } from './card-world.ts';

const fill = (cards: Parameters<typeof book>[0], units: Parameters<typeof book>[1], given: Given = {}, incident = INCIDENT) =>
  fillRunCard(incident, book(cards, units), situation(given));

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
    const filled = fill([card('class', 'C01', { assisting: [{ type: 'police', count: 1 }] })], units);
    expect(filled.lead).toMatchObject({ wanted: 'fire', chosen: 'near', from: 'home', duty: 'on', standsInFor: null });
    expect(filled.lead.reason).toEqual({
      zh: '最近的在岗消防站：near队，4.0 公里（按驻地，没有实时位置），在岗，本班到 20:00',
      en: 'Nearest fire station on duty: near, 4.0 km (from its home, no position known), on duty, this shift until 20:00',
    });
    expect(filled.assisting.map((a) => a.chosen)).toEqual(['police']);
    expect(filled).toMatchObject({ alarm: 1, radiusKm: 20, rule: null, shortfalls: [] });
  });

  it('sends each unit once: two of the lead’s type more are the next nearest', () => {
    const units = [unit('a', 'fire', 1), unit('b', 'fire', 2), unit('c', 'fire', 3)];
    const filled = fill([card('class', 'C01', { assisting: [{ type: 'fire', count: 3 }] })], units);
    expect([filled.lead.chosen, ...filled.assisting.map((a) => a.chosen)]).toEqual(['a', 'b', 'c', null]);
    expect(filled.shortfalls).toMatchObject([{ role: 'assist', wanted: 'fire', reason: { zh: '负责这个街镇的消防站都已派出' } }]);
  });

  it('takes the category row’s own types where the card says so', () => {
    const units = [unit('police', 'police', 1), unit('medical', 'medical', 1)];
    const filled = fill([card('class', 'C01', { leadType: 'row', assisting: 'row' })], units);
    expect([filled.lead.chosen, ...filled.assisting.map((a) => a.chosen)]).toEqual(['police', 'medical']);
  });

  it('falls back to the category’s own types without a card, and says that there is none', () => {
    const filled = fill([], [unit('police', 'police', 90), unit('medical', 'medical', 1)]);
    expect(filled).toMatchObject({
      card: null,
      radiusKm: null,
      lead: { chosen: 'police' },
      shortfalls: [{ role: 'card', wanted: 'C0101-02' }],
    });
  });

  describe('where the units are', () => {
    const two = [unit('a', 'fire', 3), unit('b', 'fire', 5)];
    it('goes by a position of the last ten minutes before the home', () => {
      const filled = fill([FIRE_LEADS], two, { at: { b: [1, 10] } });
      expect(filled.lead).toMatchObject({ chosen: 'b', from: 'position', distanceM: 1000 });
      expect(filled.lead.reason.zh).toContain('1.0 公里（10 分钟前的位置）');
    });
    it('goes by the home when the position is older, and says how old it is', () => {
      const filled = fill([FIRE_LEADS], two, { at: { b: [1, 11] } });
      expect(filled.lead).toMatchObject({ chosen: 'a', from: 'home' });
      expect(fill([FIRE_LEADS], [two[1]!], { at: { b: [1, 34] } }).lead.reason.zh).toContain('（按驻地，位置已是 34 分钟前）');
    });
    it('leaves a unit out whose position is beyond the radius, however near its home', () => {
      expect(fill([FIRE_LEADS], two, { at: { a: [30, 1] } }).lead.chosen).toBe('b');
    });
  });

  describe('who is on duty', () => {
    const three = [unit('off', 'fire', 1), unit('call', 'fire', 2), unit('on', 'fire', 9)];
    it('takes who is on duty before a nearer one on call, and names those it passed over', () => {
      const { lead } = fill([FIRE_LEADS], three, { duty: { off: OFF, call: ON_CALL } });
      expect(lead).toMatchObject({ chosen: 'on', duty: 'on' });
      expect(lead.passed).toEqual([
        { unit: 'off', reason: { zh: '更近的off队当班无人，20:00 上班', en: 'the nearer off: nobody on duty until 20:00' } },
        { unit: 'call', reason: { zh: '更近的call队只有电话值守', en: 'the nearer call is only on call' } },
      ]);
    });
    it('takes who is on call where nobody within the radius is on duty', () => {
      const { lead } = fill([card('class', 'C01', { radiusKm: 5 })], three, { duty: { off: OFF, call: ON_CALL } });
      expect(lead).toMatchObject({ chosen: 'call', duty: 'onCall' });
      expect(lead.reason.zh).toMatch(/^没有在岗的消防站；call队电话值守，2\.0 公里/);
    });

    const absent = (standInDuty: 'full' | 'secure-only', type = 'fire') => [
      unit('absent', 'fire', 1, { standInUnit: 'other', standInDuty }),
      unit('other', type, 4, { scope: [ELSEWHERE] }),
    ];
    it('sends the full stand-in of the nearest that is off', () => {
      const { lead, shortfalls } = fill([FIRE_LEADS], absent('full'), { duty: { absent: OFF } });
      expect(lead).toMatchObject({ chosen: 'other', standsInFor: 'absent', duty: 'on' });
      expect(lead.reason.zh).toMatch(/^absent队当班无人，由替补other队顶上，4\.0 公里/);
      expect(shortfalls).toEqual([]);
    });
    it('lets a stand-in that may only secure the place assist, and leaves the lead a shortfall', () => {
      const filled = fill([FIRE_LEADS], absent('secure-only', 'police'), { duty: { absent: OFF } });
      expect(filled.lead).toMatchObject({ chosen: null, shortfall: 'noneOnDuty' });
      expect(filled.lead.reason.zh).toBe('没有在岗的消防站：absent队当班无人，20:00 上班；替补other队只能看护现场，不能主办');
      expect(filled.assisting).toMatchObject([{ wanted: 'fire', chosen: 'other', standsInFor: 'absent' }]);
      expect(filled.assisting[0]!.reason.zh).toMatch(/^absent队当班无人，替补other队只能先看护现场/);
      expect(filled.shortfalls.map((s) => s.role)).toEqual(['lead']);
    });
    it('lets it take an assisting place', () => {
      const cards = [card('class', 'C01', { leadType: 'medical', assisting: [{ type: 'fire', count: 1 }] })];
      const filled = fill(cards, [unit('lead', 'medical', 1), ...absent('secure-only', 'police')], { duty: { absent: OFF } });
      expect(filled.assisting).toMatchObject([{ chosen: 'other', standsInFor: 'absent' }]);
    });
    it('asks no stand-in that is off itself', () => {
      const { lead } = fill([FIRE_LEADS], absent('full'), { duty: { absent: OFF, other: ON_CALL } });
      expect(lead).toMatchObject({ chosen: null, shortfall: 'noneOnDuty', instead: 'absent' });
      expect(lead.reason.zh).toBe('没有在岗的消防站：absent队当班无人，20:00 上班；替补other队也不在岗');
    });
  });

  describe('names what it could not fill, each with its own reason, instead of sending fewer in silence', () => {
    const assist = (type: string) => [card('class', 'C01', { leadType: 'police', assisting: [{ type, count: 1 }] })];
    const police = unit('police', 'police', 1);
    it.each([
      ['nobody of that type serves here', 'noneServes', [], {}, '没有负责这个街镇的消防站', null],
      ['all have declined', 'allOut', [unit('declined', 'fire', 1)], {}, '负责这个街镇的消防站都已退单', null],
      ['nobody is on duty', 'noneOnDuty', [unit('a', 'fire', 1)], { duty: { a: OFF } }, '没有在岗的消防站：a队当班无人，20:00 上班', 'a'],
      ['too far', 'tooFar', [unit('a', 'fire', 21)], {}, '最近的a队 21.0 公里（按驻地，没有实时位置），预案限 20 公里', 'a'],
      [
        'only an old position is near',
        'positionStale',
        [unit('a', 'fire', 21)],
        { at: { a: [3, 34] } },
        'a队 34 分钟前在 3.0 公里外，位置太旧不作数；驻地 21.0 公里，预案限 20 公里',
        'a',
      ],
      [
        'the near one is off, the next too far',
        'tooFar',
        [unit('a', 'fire', 2), unit('b', 'fire', 22)],
        { duty: { a: OFF } },
        '没有在岗的消防站：a队当班无人，20:00 上班；最近的b队 22.0 公里（按驻地，没有实时位置），预案限 20 公里',
        'b',
      ],
    ] as const)('%s', (_why, kind, units, given, zh, instead) => {
      const filled = fill(assist('fire'), [police, ...units], given, { ...INCIDENT, declinedBy: ['declined'] });
      expect(filled.assisting).toMatchObject([{ chosen: null, shortfall: kind, instead, reason: { zh } }]);
      expect(filled.shortfalls).toMatchObject([{ role: 'assist', wanted: 'fire', reason: { zh } }]);
    });
    it('the type may only assist', () => {
      const filled = fill([FIRE_LEADS], [unit('a', 'fire', 1, { mayLead: false })]);
      expect(filled.shortfalls).toMatchObject([{ role: 'lead', reason: { zh: '消防站只能协办' } }]);
    });
    it('all are sent or have declined', () => {
      const cards = [card('class', 'C01', { assisting: [{ type: 'fire', count: 1 }] })];
      const filled = fill(cards, [unit('a', 'fire', 1), unit('b', 'fire', 2)], {}, { ...INCIDENT, declinedBy: ['b'] });
      expect(filled.assisting).toMatchObject([{ shortfall: 'allOut', reason: { zh: '负责这个街镇的消防站都已派出或已退单' } }]);
    });
  });

  it('does not ask again who declined this incident, and says so', () => {
    const { lead } = fill(
      [FIRE_LEADS],
      [unit('declined', 'fire', 1), unit('next', 'fire', 2)],
      {},
      { ...INCIDENT, declinedBy: ['declined'] },
    );
    expect(lead.chosen).toBe('next');
    expect(lead.passed).toEqual([{ unit: 'declined', reason: { zh: '更近的declined队已退单', en: 'the nearer declined has declined' } }]);
  });

  it('gives every choice and every shortfall a reason in both languages', () => {
    const cards = [
      card('class', 'C01', {
        assisting: [
          { type: 'medical', count: 1 },
          { type: 'police', count: 2 },
        ],
      }),
    ];
    const units = [unit('fire', 'fire', 1), unit('near', 'police', 1), unit('far', 'police', 30)];
    const filled = fill(cards, units, { duty: { near: ON_CALL }, at: { far: [2, 60] } });
    const reasons = [filled.lead, ...filled.assisting, ...filled.shortfalls].map((c) => c.reason);
    expect(reasons.length).toBeGreaterThan(5);
    for (const { zh, en } of reasons) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[ -~]+$/);
    }
  });

  describe('who is responsible', () => {
    const units = [unit('police', 'police', 5), unit('fire', 'fire', 1), unit('spare', 'police', 6)];
    it('gives the lead to the unit that the table names, and says by which rule', () => {
      const filled = fill([FIRE_LEADS], units, { rules: [rule('police')] });
      expect(filled.rule).toEqual({ id: 'rule-police', unit: 'police', source: '区府办〔2026〕3号' });
      expect(filled.lead).toMatchObject({ chosen: 'police' });
      expect(filled.lead.reason.zh).toMatch(/^按权责表：police队主办（区府办〔2026〕3号）；5\.0 公里/);
    });
    it('sends its full stand-in where nobody is on duty there', () => {
      const absent = [unit('police', 'police', 5, { standInUnit: 'spare' }), unit('fire', 'fire', 1), unit('spare', 'police', 6)];
      const { lead } = fill([FIRE_LEADS], absent, { rules: [rule('police')], duty: { police: OFF } });
      expect(lead).toMatchObject({ chosen: 'spare', standsInFor: 'police' });
      expect(lead.reason.zh).toMatch(/^按权责表：police队主办.*police队当班无人，由替补spare队顶上/);
    });
    it.each([
      ['has declined', { declinedBy: ['police'] }, {}, '按权责表应由police队主办，但已退单；最近的在岗消防站'],
      ['has nobody on duty', {}, { duty: { police: OFF } }, '按权责表应由police队主办，但当班无人；最近的在岗消防站'],
    ])('goes by the run card where it %s, and says why', (_why, changed, given, zh) => {
      const filled = fill([FIRE_LEADS], units, { ...given, rules: [rule('police')] }, { ...INCIDENT, ...changed });
      expect(filled.lead.chosen).toBe('fire');
      expect(filled.lead.reason.zh.startsWith(zh)).toBe(true);
      expect(filled.rule?.unit).toBe('police');
    });
    it('goes by the ownership that is said only with the dispatch', () => {
      const owned = [rule('police', { ownership: 'property' })];
      expect(fill([FIRE_LEADS], units, { rules: owned }).lead.chosen).toBe('fire');
      const filled = fillRunCard(INCIDENT, book([FIRE_LEADS], units), situation({ rules: owned }), { ownership: 'property' });
      expect(filled.lead.chosen).toBe('police');
    });
    it('puts a ruling above the table, even after a decline and off duty', () => {
      const ruled = { ...INCIDENT, declinedBy: ['police'], arbitration: { state: 'ruled', unit: 'police', ruling: '属你辖区' } as const };
      const filled = fill([FIRE_LEADS], units, { rules: [rule('spare')], duty: { police: OFF } }, ruled);
      expect(filled.lead).toMatchObject({ chosen: 'police', reason: { zh: '已裁定由police队主办；当班无人，20:00 上班' } });
    });
  });
});

describe('再次出动 (further alarms)', () => {
  const cards = [card('class', 'C01', { radiusKm: 20, assisting: [{ type: 'police', count: 2 }] })];
  const units = [
    ...[1, 2, 3].map((km) => unit(`fire-${km}`, 'fire', km)),
    ...[1, 2, 3].map((km) => unit(`police-${km}`, 'police', km)),
    unit('police-elsewhere', 'police', 6, { scope: [ELSEWHERE] }),
  ];
  const sent = (code: string, role: 'lead' | 'assist', state: Assignment['state'] = 'onScene'): Assignment => ({
    id: code,
    unit: code,
    role,
    state,
    dispatch: 1,
    assignedAt: '2026-11-26T01:00:00.000Z',
    until: null,
  });
  const atWork = {
    ...INCIDENT,
    dispatches: 1,
    assignments: [sent('fire-1', 'lead'), sent('police-1', 'assist'), sent('police-2', 'assist')],
  };
  const alarm = (n: number, incident = atWork, given: Given = {}) => fillAlarm(incident, book(cards, units), situation(given), n);

  it('adds the next nearest of each type of the card, all to assist', () => {
    const second = alarm(2);
    expect(second).toMatchObject({ alarm: 2, lead: null, card: 'C01-R2', shortfalls: [] });
    expect(second.assisting.map((a) => a.chosen)).toEqual(['fire-2', 'police-3', 'police-elsewhere']);
  });
  it('calls help from other subdistricts, and says so', () => {
    expect(alarm(2).assisting.at(-1)!.reason.zh).toContain('跨街镇支援');
    expect(alarm(2).assisting[0]!.reason.zh).not.toContain('跨街镇支援');
  });
  it('takes the alarms in between as sent', () => {
    const third = alarm(3);
    expect(third.assisting.map((a) => a.chosen)).toEqual(['fire-3', null, null]);
    expect(third.assisting[1]).toMatchObject({ shortfall: 'allOut', reason: { zh: '全区的派出所都已派出' } });
    expect(alarm(3, { ...atWork, alarm: 2 }).assisting[0]!.chosen).toBe('fire-2');
  });
  it('may call again who was released, but not who declined', () => {
    const incident = {
      ...atWork,
      assignments: [sent('fire-1', 'lead'), sent('police-1', 'assist', 'released'), sent('police-2', 'assist', 'declined')],
      declinedBy: ['police-2'],
    };
    expect(alarm(2, incident).assisting.map((a) => a.chosen)).toEqual(['fire-2', 'police-1', 'police-3']);
  });
  it('follows duty as the first does', () => {
    expect(alarm(2, atWork, { duty: { 'fire-2': OFF } }).assisting[0]!.chosen).toBe('fire-3');
  });
});
