import { describe, expect, it } from 'vitest';
import { CommandSchema } from '../../src/dispatch/chain/commands.ts';
import { VERBS } from '../../src/dispatch/chain/states.ts';
import { choose, openActions, verbOf, type Movable } from '../../web/centre/moves/actions.ts';
import {
  bodyOf,
  checkersOf,
  dispatchBody,
  emptyDraft,
  fieldsOf,
  FIELDS,
  hasForm,
  isNeeded,
  missing,
  type Draft,
} from '../../web/centre/moves/forms.ts';
import { askersOf, checkUnanswered, reachedAt, releasedWith, saidWith } from '../../web/centre/drawer/log-lines.ts';
import { assistantsMissing } from '../../web/centre/incident.ts';
import type { WireAssignment, WireMove } from '../../web/shared/types.ts';

const NOW = Date.parse('2026-11-20T07:00:00Z');
const OPERATOR = { account: 'district.441802', role: 'district' };
const COLLEAGUE = { account: 'district.441802.2', role: 'district' };
const ID = '01a20540-d3a7-75d6-a28d-0c637110971a';
const inState = (state: string, may: string[], more: Partial<Movable> = {}): Movable => ({ state, level: 'R3', may, ...more });

describe('督办与复核 (what waits for a reply)', () => {
  const supervised = (mayReply: boolean) => inState('handling', ['comment', 'urge'], { supervisions: [{ mayReply }] });
  it('a supervision that this person may answer is always in sight', () => {
    expect(choose(supervised(true), OPERATOR, NOW).beside[0]).toBe('reply');
    expect(openActions(supervised(false), OPERATOR, NOW)).toEqual(['comment', 'urge']);
  });
  it('the reply is a comment that names it', () => {
    const draft: Draft = { ...emptyDraft(), text: { replyTo: '12', text: '十点前完成' } };
    expect(bodyOf('reply', draft)).toEqual({ verb: 'comment', replyTo: 12, text: '十点前完成' });
    expect(missing('reply', emptyDraft())).toEqual(['replyTo', 'text']);
  });
  it('a review of the suspension comes before resuming, for who answers it', () => {
    const asked = inState('suspended', ['resume', 'comment'], { review: { answeredAt: null } });
    expect(choose(asked, OPERATOR, NOW).solid).toBe('answerReview');
    expect(openActions(asked, { account: 'community.1', role: 'community' }, NOW)).toEqual(['resume', 'comment']);
    expect(choose({ ...asked, review: { answeredAt: '2026-11-20T06:00:00Z' } }, OPERATOR, NOW).solid).toBe('resume');
    expect(bodyOf('answerReview', { ...emptyDraft(), text: { text: '等路政' } })).toEqual({
      verb: 'comment',
      review: true,
      text: '等路政',
    });
  });
});

describe('the one solid button', () => {
  it.each([
    ['reported', ['reject', 'call'], 'call'],
    ['called', ['returnCall', 'accept'], 'accept'],
    ['coordinating', ['reject', 'dispatch'], 'dispatch'],
    ['dispatched', ['recall', 'urge'], 'urge'],
    ['suspended', ['forceClose', 'resume'], 'resume'],
    ['disposed', ['assignCheck', 'acceptEvidence'], 'assignCheck'],
    ['checking', ['failCheck', 'confirmClose'], 'confirmClose'],
  ])('in %s with %j is %s', (state, may, solid) => {
    const choice = choose(inState(state, may), OPERATOR, NOW);
    expect(choice.solid).toBe(solid);
    expect([choice.solid, ...choice.beside, ...choice.menu].sort()).toEqual([...may].sort());
  });

  it('is never to close an R2 by its photos', () => {
    expect(choose(inState('disposed', ['acceptEvidence', 'assignCheck'], { level: 'R2' }), OPERATOR, NOW).solid).toBe('assignCheck');
  });

  it('is nothing for who may only read', () => {
    expect(choose(inState('handling', []), { account: 'auditor', role: 'auditor' }, NOW)).toEqual({ solid: null, beside: [], menu: [] });
  });

  it('leaves the presses of a responding unit to its own page', () => {
    expect(openActions(inState('responding', ['arrive', 'finish', 'urge']), OPERATOR, NOW)).toEqual(['urge']);
  });
});

describe('what needs a second person', () => {
  const proposed = { forceCloseProposed: { account: OPERATOR.account, at: new Date(NOW - 3_600_000).toISOString() } };

  it('is offered to the other as a confirmation and not again to the first', () => {
    expect(openActions(inState('handling', ['forceClose'], proposed), OPERATOR, NOW)).toEqual([]);
    expect(choose(inState('handling', ['forceClose'], proposed), COLLEAGUE, NOW).solid).toBe('confirmForceClose');
  });

  it('starts anew after 24 hours', () => {
    const day = NOW + 24 * 3_600_000;
    expect(openActions(inState('handling', ['forceClose'], proposed), OPERATOR, day)).toEqual(['forceClose']);
  });

  it('lets only subdistrict and district answer an extension, and not who asked', () => {
    const asked = (account: string) => inState('handling', ['extend'], { extensionAsked: { account } });
    expect(openActions(asked('unit.x'), OPERATOR, NOW)).toEqual(['answerExtension']);
    expect(openActions(asked(OPERATOR.account), OPERATOR, NOW)).toEqual([]);
    expect(openActions(asked('unit.x'), { account: 'community.1', role: 'community' }, NOW)).toEqual([]);
    expect(openActions(inState('handling', ['extend']), OPERATOR, NOW)).toEqual(['extend']);
  });
});

/** Everything a form can hold, filled in. */
function filledDraft(): Draft {
  return {
    text: {
      reason: '群众来电核实',
      note: '请带警示牌',
      text: '已联系业主',
      ruling: '在其管养范围',
      until: '2026-12-01T10:00:00',
      by: '6.5',
      level: 'R2',
      superviseLevel: '2',
      unit: 'fengcheng-police',
      assignment: ID,
      into: ID,
      to: '市水务局',
      checker: 'grid.441802006001001',
      score: '4',
      found: 'false',
      grant: 'true',
    },
    photos: { photos: [ID], before: [ID], after: [ID] },
    lead: null,
    assisting: [],
  };
}
const ACTIONS = [...VERBS, 'answerExtension', 'confirmForceClose'].filter(hasForm);

describe('a form', () => {
  it('exists for every verb that a person in the centre can make', () => {
    const elsewhere = new Set(['report', 'dispatch', 'acknowledge', 'depart', 'arrive', 'finish', 'decline', 'lapse']);
    expect(VERBS.filter((v) => !elsewhere.has(v) && !hasForm(v))).toEqual([]);
    expect(ACTIONS.length).toBeGreaterThan(30);
  });

  it.each(ACTIONS)('for %s sends what the service takes', (action) => {
    expect(missing(action, filledDraft())).toEqual([]);
    const body = bodyOf(action, filledDraft());
    expect(CommandSchema.safeParse(body)).toMatchObject({ success: true });
    expect(body.verb).toBe(verbOf(action));
    expect(CommandSchema.parse(body)).toEqual(body);
  });

  it.each(ACTIONS)('for %s says what is missing, and sends only that which is needed', (action) => {
    const needed = fieldsOf(action).filter((f) => isNeeded(action, f));
    expect(missing(action, emptyDraft())).toEqual(needed);
    const draft = filledDraft();
    for (const field of FIELDS) {
      if (needed.includes(field)) continue;
      delete draft.text[field];
      delete draft.photos[field as 'photos'];
    }
    expect(CommandSchema.safeParse(bodyOf(action, draft))).toMatchObject({ success: true });
  });

  it('takes a date on the clock of the district, wherever the computer stands', () => {
    expect(bodyOf('suspend', filledDraft()).until).toBe('2026-12-01T02:00:00.000Z');
  });

  it('counts blanks as nothing', () => {
    const draft = emptyDraft();
    draft.text.reason = '  \n';
    expect(missing('reject', draft)).toEqual(['reason']);
  });

  it('sends exactly the units that were seen', () => {
    const body = dispatchBody({ ...emptyDraft(), lead: 'gas-north', assisting: ['fire-fengcheng'] });
    expect(CommandSchema.parse(body)).toEqual({ verb: 'dispatch', lead: { unit: 'gas-north' }, assisting: [{ unit: 'fire-fengcheng' }] });
  });
});

const move = (version: number, verb: string, to: string, payload: Record<string, unknown> = {}, actor = 'system'): WireMove =>
  ({ seq: version, version, verb, from: null, to, at: `2026-11-20T07:0${version}:00.000Z`, actor, payload }) as WireMove;

describe('the log', () => {
  it('names those who were called off because their lead declined, and nobody for the decline of one who assisted', () => {
    const changed = [
      { unit: 'lead', state: 'declined' },
      { unit: 'a', state: 'released' },
    ];
    expect(releasedWith(move(1, 'decline', 'coordinating', { changed, unit: 'lead' }))).toEqual(['a']);
    expect(releasedWith(move(1, 'decline', 'handling', { changed: changed.slice(0, 1), unit: 'lead' }))).toEqual([]);
    expect(releasedWith(move(1, 'recall', 'coordinating', { changed }))).toEqual([]);
  });

  it('gives each of the five steps the time it was reached first', () => {
    const log = [
      move(1, 'report', 'reported'),
      move(2, 'call', 'called'),
      move(3, 'accept', 'coordinating'),
      move(4, 'dispatch', 'dispatched'),
      move(5, 'recall', 'coordinating'),
      move(6, 'dispatch', 'dispatched'),
    ];
    const at = (version: number) => log[version - 1]!.at;
    expect(reachedAt(log)).toEqual([at(1), at(2), at(3), at(4), undefined]);
  });

  it('quotes what the person said', () => {
    expect(saidWith({ note: ' ', reason: '等货主' })).toBe('等货主');
    expect(saidWith({ changed: [] })).toBeNull();
    expect(saidWith({ description: '井盖翻起' })).toBeNull();
  });

  it('knows who waits for another person', () => {
    const log = [
      move(1, 'extend', 'handling', { by: 1, reason: 'x' }, 'unit.a'),
      move(2, 'extend', 'handling', { grant: false }, 'district.441802'),
      move(3, 'extend', 'handling', { by: 2, reason: 'y' }, 'unit.b'),
      move(4, 'forceClose', 'handling', { reason: 'z', proposed: true }, 'district.441802'),
    ];
    expect(askersOf(log)).toEqual({ extension: 'unit.b', forceClose: 'district.441802' });
    expect(askersOf([])).toEqual({});
  });
});

describe('a check that nobody answered', () => {
  const CHECKER = 'grid.441802006001001';
  const checking = { state: 'checking' as const, checker: CHECKER };
  const asked = [
    move(1, 'comment', 'handling', { text: '早说的' }, CHECKER),
    move(2, 'assignCheck', 'checking', { checker: CHECKER }, 'subdistrict.441802006'),
  ];

  it('is one whose checker has neither written nor sent a photo since it was asked for', () => {
    expect(checkUnanswered(checking, asked, 'community.441802006001')).toBe(true);
    const by = (verb: string, actor: string) => checkUnanswered(checking, [move(3, verb, 'checking', {}, actor), ...asked], 'community.1');
    expect(by('comment', CHECKER)).toBe(false);
    expect(by('attach', CHECKER)).toBe(false);
    expect(by('comment', 'subdistrict.441802006')).toBe(true);
    expect(by('urge', CHECKER)).toBe(true);
  });

  it('is not said where nobody was named, to the checker, or in another state', () => {
    expect(checkUnanswered({ state: 'checking', checker: null }, asked, 'community.1')).toBe(false);
    expect(checkUnanswered(checking, asked, CHECKER)).toBe(false);
    expect(checkUnanswered({ state: 'closed', checker: CHECKER }, asked, 'community.1')).toBe(false);
  });
});

describe('who may be asked to check', () => {
  it('is the cell and the community where it lies', () => {
    expect(checkersOf({ cell: '441802006001001', community: '441802006001' })).toEqual(['grid.441802006001001', 'community.441802006001']);
  });
});

describe('what is missing once the lead has finished', () => {
  const crew = (role: 'lead' | 'assist', state: WireAssignment['state']) => ({ id: `${role} ${state}`, unit: 'u', role, state });
  const lead = crew('lead', 'finished');

  it('is counted by the press that each assisting unit still owes', () => {
    const assignments = [
      lead,
      crew('assist', 'assigned'),
      crew('assist', 'assigned'),
      crew('assist', 'enRoute'),
      crew('assist', 'onScene'),
    ];
    expect(assistantsMissing({ assignments })).toEqual({ units: 4, acknowledge: 2, arrive: 1, finish: 1 });
  });

  it('is nothing while the lead works, after a new lead, or once all are done', () => {
    const open = crew('assist', 'assigned');
    expect(assistantsMissing({ assignments: [crew('lead', 'onScene'), open] })).toBeNull();
    expect(assistantsMissing({ assignments: [lead, crew('lead', 'released'), open] })).toBeNull();
    expect(assistantsMissing({ assignments: [lead, crew('assist', 'finished'), crew('assist', 'declined')] })).toBeNull();
  });
});
