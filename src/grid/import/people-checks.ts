/** What must hold for committees, members and linked leaders. Pure. */
import { type Finding, finding } from './findings.ts';
import { doubled, type Numbered } from './read-rows.ts';
import type { CommitteeRow, LeaderRow, MemberRow } from './rows.ts';

const LEAST_MEMBERS = 2;

export function checkCommittees(
  committees: readonly Numbered<CommitteeRow>[],
  places: { readonly subdistricts: ReadonlyMap<string, unknown>; readonly communities: ReadonlyMap<string, unknown> },
): Finding[] {
  const found = doubled(committees, 'code', (row) => row.code);
  for (const { number, value } of committees) {
    const known = value.tier === 'subdistrict' ? places.subdistricts : places.communities;
    if (!known.has(value.place)) found.push(finding(number, 'place', 'unknown', { value: value.place, expected: value.tier }));
  }
  return found;
}

export function checkMembers(
  members: readonly Numbered<MemberRow>[],
  committees: ReadonlyMap<string, unknown>,
  units: ReadonlyMap<string, unknown>,
): Finding[] {
  const found = doubled(members, 'code', (row) => row.code);
  for (const { number, value } of members) {
    if (!committees.has(value.committee))
      found.push(finding(number, 'committee', 'unknown', { value: value.committee, expected: 'committees.code' }));
    if (value.unit !== null && !units.has(value.unit))
      found.push(finding(number, 'unit', 'unknown', { value: value.unit, expected: 'units.code' }));
    if (value.appointed >= value.term_end)
      found.push(finding(number, 'term_end', 'term-order', { value: `${value.appointed}–${value.term_end}` }));
  }
  for (const committee of committees.keys()) {
    const seats = members.filter(({ value }) => value.committee === committee).length;
    if (seats < LEAST_MEMBERS) found.push(finding(null, 'committee', 'too-few-members', { value: committee }));
  }
  return found;
}

/** Each community has exactly one linked leader, of its own subdistrict. */
export function checkLeaders(leaders: readonly Numbered<LeaderRow>[], communities: ReadonlyMap<string, unknown>): Finding[] {
  const found = doubled(leaders, 'code', (row) => row.code);
  const count = new Map<string, number>();
  for (const { number, value } of leaders) {
    if (value.community_count !== value.communities.length) {
      found.push(finding(number, 'community_count', 'code-mismatch', { value: value.community_count, expected: value.communities.length }));
    }
    for (const code of value.communities) {
      count.set(code, (count.get(code) ?? 0) + 1);
      if (!communities.has(code)) found.push(finding(number, 'communities', 'unknown', { value: code, expected: 'communities' }));
      else if (code.slice(0, 9) !== value.subdistrict) {
        found.push(finding(number, 'communities', 'wrong-parent', { value: code, expected: code.slice(0, 9) }));
      }
    }
  }
  for (const code of communities.keys()) {
    const leadersHere = count.get(code) ?? 0;
    if (leadersHere !== 1) found.push(finding(null, 'communities', 'leader-count', { value: code, other: leadersHere }));
  }
  return found;
}
