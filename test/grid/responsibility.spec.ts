import { describe, expect, it, test } from 'vitest';
import { OWNERSHIP_CODES, responsibleRule, TARGET_KINDS, type ResponsibilityRule } from '../../src/grid/responsibility.ts';
import { rule } from '../dispatch/card-world.ts';

const INCIDENT = { row: 'C0101-02', category: 'C0101', ownership: 'property', community: '441802006001' } as const;
const NOW_MS = Date.parse('2026-11-26T02:00:00Z');
const AREAS = ['441802006001', '441802006', '441802'] as const;
const TARGETS = { row: 'C0101-02', category: 'C0101', class: 'C01' } as const;

/** Every rule that fits the incident, the most specific first: the order of the rules, spelled out. */
const IN_ORDER = AREAS.flatMap((area) =>
  (['property', null] as const).flatMap((ownership) =>
    TARGET_KINDS.map((match) => rule(`${area}-${ownership}-${match}`, { area, ownership, match, target: TARGETS[match] })),
  ),
);
const found = (rules: readonly ResponsibilityRule[], incident: Partial<Parameters<typeof responsibleRule>[1]> = {}) =>
  responsibleRule(rules, { ...INCIDENT, ...incident }, NOW_MS)?.unit;

describe('权责 (responsibility): the most specific rule that fits holds', () => {
  it('is asked about every kind of rule', () => expect(IN_ORDER).toHaveLength(18));

  test.each(IN_ORDER.map((r, i) => [r.unit, i] as const))(
    '%s before all that come after it, in whatever order they are kept',
    (unit, i) => {
      expect(found(IN_ORDER.slice(i))).toBe(unit);
      expect(found(IN_ORDER.slice(i).reverse())).toBe(unit);
    },
  );

  test.each([
    ['another community', { area: '441802006002' }],
    ['another subdistrict', { area: '441802007' }],
    ['another district', { area: '441803' }],
    ['another row', { match: 'row', target: 'C0101-01' }],
    ['another category', { match: 'category', target: 'C0102' }],
    ['another class', { match: 'class', target: 'C02' }],
    ['a category where a class is meant', { match: 'class', target: 'C0101' }],
    ['another ownership', { ownership: 'private' }],
    ['later', { since: '2026-11-26T02:00:01Z' }],
  ] as const)('not a rule for %s', (_what, changed) => {
    expect(found([rule('other', changed)])).toBeUndefined();
  });

  it('takes an ownership that nobody said for an unknown one', () => {
    const unknown = rule('unknown', { ownership: 'unknown' });
    expect(found([unknown], { ownership: null })).toBe('unknown');
    expect(found([unknown, rule('any')], { ownership: null })).toBe('unknown');
    for (const ownership of OWNERSHIP_CODES) expect(found([unknown], { ownership })).toBe(ownership === 'unknown' ? 'unknown' : undefined);
  });

  it('holds nobody responsible without a rule', () => expect(found([])).toBeUndefined());
});
