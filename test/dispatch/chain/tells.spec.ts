import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/dispatch/chain/commands.ts';
import { decide } from '../../../src/dispatch/chain/decide.ts';
import type { Incident, Level } from '../../../src/dispatch/chain/incident.ts';
import { STATE_NAMES, isEnd } from '../../../src/dispatch/chain/states.ts';
import { holderOf, shareTells } from '../../../src/dispatch/chain/tells.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import {
  CENTRE,
  COMMUNITY,
  DRAINAGE,
  LEADER,
  PLACE,
  POLICE,
  SEND,
  SUBDISTRICT,
  SYSTEM,
  assist,
  facts,
  incidentIn,
  lead,
  make,
} from './world.ts';

const OFFICE = `subdistrict:${PLACE.subdistrict}`;
const told = (incident: Incident, command: Command, actor: Actor) => {
  const decision = decide(incident, command, actor, facts());
  if (!decision.ok) throw new Error(JSON.stringify(decision.refusal));
  const { notice, told: places } = decision.move.payload;
  return notice === undefined ? null : [notice, ...places!];
};

describe('who holds an incident', () => {
  it('is whoever has to act next, in every live state', () => {
    expect(STATE_NAMES.filter((s) => !isEnd(s)).map((s) => [s, holderOf(incidentIn(s))])).toEqual([
      ['reported', `community:${PLACE.community}`],
      ['verifying', `cell:${PLACE.cell}`],
      ['called', OFFICE],
      ['coordinating', OFFICE],
      ['dispatched', 'unit:drainage-1'],
      ['responding', 'unit:drainage-1'],
      ['handling', 'unit:drainage-1'],
      ['suspended', OFFICE],
      ['disposed', OFFICE],
      ['checking', `community:${PLACE.community}`],
    ]);
  });
  it('is nobody after the end', () => {
    for (const state of STATE_NAMES.filter(isEnd)) expect(holderOf(incidentIn(state)), state).toBeNull();
  });
});

describe('whom the ladder tells', () => {
  const ladder = (incident: Incident) => ([50, 80, 100, 150, 200] as const).map((share) => shareTells(incident, share).told.join(' '));
  it('goes up from the unit to the district', () => {
    expect(ladder(incidentIn('handling'))).toEqual([
      'unit:drainage-1',
      `unit:drainage-1 ${OFFICE}`,
      `unit:drainage-1 ${OFFICE}`,
      `unit:drainage-1 ${OFFICE} leader`,
      `unit:drainage-1 ${OFFICE} leader district`,
    ]);
  });
  it('warns the community for the cell, the subdistrict for the community, the district for the subdistrict, and tells nobody twice', () => {
    expect(shareTells(incidentIn('verifying'), 80).told).toEqual([`cell:${PLACE.cell}`, `community:${PLACE.community}`]);
    expect(shareTells(incidentIn('reported'), 80).told).toEqual([`community:${PLACE.community}`, OFFICE]);
    expect(ladder(incidentIn('called'))).toEqual([OFFICE, `${OFFICE} district`, OFFICE, `${OFFICE} leader`, `${OFFICE} leader district`]);
  });
});

describe('who is told at once', () => {
  const dispatched = (level: Level, by: Actor) => told(incidentIn('coordinating', level), SEND, by);
  it('of a dispatch follows the level, besides the units, which ring', () => {
    expect(dispatched('R1', SYSTEM)).toEqual(['dispatched', OFFICE, 'district', 'leader']);
    expect(dispatched('R2', CENTRE)).toEqual(['dispatched', OFFICE]);
    expect(dispatched('R3', CENTRE)).toBeNull();
    expect(dispatched('R4', CENTRE)).toBeNull();
  });
  it('is never the office that does it', () => {
    expect(dispatched('R1', SUBDISTRICT)).toEqual(['dispatched', 'district', 'leader']);
    expect(dispatched('R2', SUBDISTRICT)).toBeNull();
  });
  it('of a grave call is the subdistrict; a routine one waits in its queue', () => {
    expect(told(incidentIn('reported', 'R2'), { verb: 'call' }, COMMUNITY)).toEqual(['called', OFFICE]);
    expect(told(incidentIn('reported', 'R4'), { verb: 'call' }, COMMUNITY)).toBeNull();
  });
  it('of a graver level are those whom only the new level concerns', () => {
    expect(told(incidentIn('handling', 'R2'), { verb: 'regrade', level: 'R1', reason: '有人被困' }, SUBDISTRICT)).toEqual([
      'raised',
      'district',
      'leader',
    ]);
    expect(told(incidentIn('handling', 'R3'), { verb: 'regrade', level: 'R4', reason: '不急' }, SUBDISTRICT)).toBeNull();
  });
  it('of an urge is the holder', () => {
    expect(told(incidentIn('responding'), { verb: 'urge' }, LEADER)).toEqual(['urged', 'unit:drainage-1']);
  });
  it('of a unit that declines is the subdistrict', () => {
    const incident = incidentIn('dispatched');
    expect(told(incident, { verb: 'decline', assignment: lead(incident), reason: '不归我们' }, DRAINAGE)).toEqual(['declined', OFFICE]);
    const twice = { ...incident, declinedBy: ['a', 'b'] };
    expect(told(twice, { verb: 'decline', assignment: lead(incident), reason: '不归我们' }, DRAINAGE)).toEqual(['arbitration', OFFICE]);
  });
  it('of an extension is who may grant it, then who asked', () => {
    const ask = { verb: 'extend', by: 3_600_000, reason: '等吊车' } as const;
    expect(told(incidentIn('handling'), ask, DRAINAGE)).toEqual(['extensionAsked', OFFICE]);
    expect(told(incidentIn('handling'), ask, SUBDISTRICT)).toEqual(['extensionAsked', 'district']);
    const asked = make(incidentIn('handling'), ask, DRAINAGE);
    expect(told(asked, { verb: 'extend', grant: true }, SUBDISTRICT)).toEqual(['extensionAnswered', 'unit:drainage-1']);
  });
  it('of what a unit does in time is nobody', () => {
    const incident = incidentIn('dispatched', 'R4');
    expect(told(incident, { verb: 'acknowledge', assignment: lead(incident) }, DRAINAGE)).toBeNull();
    expect(told(incident, { verb: 'acknowledge', assignment: assist(incident) }, POLICE)).toBeNull();
  });
  it('of a verification that is asked, and of a check, is the cell where somebody has to go and look', () => {
    expect(told(incidentIn('reported'), { verb: 'requestVerification' }, COMMUNITY)).toEqual(['verificationAsked', `cell:${PLACE.cell}`]);
    expect(told(incidentIn('disposed'), { verb: 'assignCheck' }, SYSTEM)).toEqual(['checkAsked', `cell:${PLACE.cell}`]);
  });
  it('of a check of what was settled on the spot is nobody: it would be the own work', () => {
    expect(told({ ...incidentIn('disposed'), proof: 'spot' }, { verb: 'assignCheck' }, SYSTEM)).toBeNull();
  });
  it('of a failed check is the lead that goes again', () => {
    expect(told(incidentIn('checking'), { verb: 'failCheck', reason: '仍有积水' }, COMMUNITY)).toEqual(['dispatched', 'unit:drainage-1']);
  });
});
