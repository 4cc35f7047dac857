/** Linking leaders with communities, and handing communities from one to another. */
import { act, type Asked, type Done, type House } from './act.ts';
import { decideLeader, LEADER_LAW, type Leader, type LeaderCommand } from './chain/leader.ts';
import type { Telling } from './chain/notices.ts';
import { staleFor } from './chain/reach.ts';
import { type CobuildAnswer, refused } from './chain/refusals.ts';
import { officeInbox, partsAt } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import { findLeader, insertLeader, lockLeaders, nextLeaderCode, writeLeader } from './leaders.ts';

export type NewLeader = Pick<Leader, 'subdistrict' | 'personZh' | 'personEn' | 'postZh' | 'postEn'>;

/** @param known  the subdistrict is one of the district's. */
export function linkLeader(house: House, asked: Asked, wanted: NewLeader, known: boolean): Promise<CobuildAnswer<Leader>> {
  return act(house, asked, async (tx, _now, log): Promise<Done<Leader>> => {
    const { district } = house;
    if (!known) return refused('unknown-area');
    const permitted = permit(LEADER_LAW, 'none', 'link', partsAt(asked.actor, wanted.subdistrict));
    if (!permitted.ok) return permitted;
    const others = await lockLeaders(tx, district, wanted.subdistrict);
    const stem = others[0]?.code.replace(/-\d+$/, '') ?? wanted.subdistrict;
    const code = await nextLeaderCode(tx, district, wanted.subdistrict, stem);
    const leader: Leader = { ...wanted, code, version: 1, state: permitted.move.to, communities: [] };
    await insertLeader(tx, district, leader);
    await log(LEADER_LAW, leader, { verb: 'link', from: 'none' });
    return { ok: true, value: leader };
  });
}

export function moveLeader(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...rest }: LeaderCommand & { expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Leader>> {
  return act(house, asked, async (tx, _now, log): Promise<Done<Leader>> => {
    const { district } = house;
    const command = rest as LeaderCommand;
    const seen = await findLeader(tx, district, code);
    if (seen === null) return refused('unknown-leader');
    const leaders = await lockLeaders(tx, district, seen.subdistrict);
    const leader = leaders.find((one) => one.code === code) ?? seen;
    const stale = staleFor(leader.version, expectedVersion);
    if (stale !== null) return stale;
    const holder = command.verb === 'take' ? (leaders.find((one) => one.communities.includes(command.community)) ?? null) : null;
    const decided = decideLeader(leader, command, partsAt(asked.actor, leader.subdistrict), holder);
    if (!decided.ok) return decided;
    const { next, other } = decided;
    const { verb, ...payload } = command;
    // The words of a person are corrected in one place: the log keeps that they were.
    const kept = verb === 'amend' ? { changed: Object.keys(payload) } : payload;
    await writeLeader(tx, district, next);
    await log(LEADER_LAW, next, { verb, from: leader.state, payload: kept });
    if (other !== null) {
      await writeLeader(tx, district, other);
      await log(LEADER_LAW, other, { verb: 'give', from: 'linked', payload: { ...payload, to: code } });
    }
    return { ok: true, value: next, tells: command.verb === 'take' ? [tellOf(next, command.community)] : [] };
  });
}

function tellOf(leader: Leader, community: string): Telling {
  return {
    key: `leaderChanged ${leader.code} ${leader.version}`,
    recipients: [`leader:${community}`, officeInbox(community)],
    notice: 'leaderChanged',
    about: { kind: 'leader', code: leader.code, place: community },
  };
}
