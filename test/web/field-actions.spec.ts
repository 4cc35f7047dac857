import { describe, expect, it } from 'vitest';
import { CommandSchema } from '../../src/dispatch/chain/commands.ts';
import { commandsOf, FORMS, lackOf, mootOf, type Action } from '../../web/field/incidents/actions.ts';

const PHOTO = '019ac000-0000-7000-8000-000000000001';
const ACTIONS = Object.keys(FORMS) as Action[];

describe('what a grid worker sends', () => {
  it.each(ACTIONS)('%s, complete, is what the chain takes', (action) => {
    const photos = FORMS[action].photos === 'none' ? [] : [PHOTO];
    const commands = commandsOf(action, { may: ['failCheck'] }, FORMS[action].words === 'none' ? '' : '写一句', photos, '已办好');
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(CommandSchema.safeParse(command)).toMatchObject({ success: true });
  });

  it.each(ACTIONS.filter((a) => FORMS[a].words === 'optional'))('%s goes without words', (action) => {
    for (const command of commandsOf(action, { may: [] }, '  ', [PHOTO], '已办好'))
      expect(CommandSchema.safeParse(command)).toMatchObject({ success: true });
  });

  it('a check of something settled on the spot fails as a spot check', () => {
    expect(commandsOf('checkBad', { may: ['failSpotCheck'] }, '还在', [], '')).toEqual([{ verb: 'failSpotCheck', reason: '还在' }]);
    expect(commandsOf('checkBad', { may: ['failCheck'] }, '还在', [], '')).toEqual([{ verb: 'failCheck', reason: '还在' }]);
  });

  it('a good check tells the community by photos and words', () => {
    expect(commandsOf('checkGood', { may: ['failCheck'] }, '', [PHOTO], '已办好').map((c) => c.verb)).toEqual(['attach', 'comment']);
  });
});

describe('what is missing before it may go', () => {
  it('a reason for what needs one, a photo for what needs one, and photos that are still going out', () => {
    expect(lackOf('checkBad', ' ', [])).toBe('words');
    expect(lackOf('checkGood', '', [])).toBe('photo');
    expect(lackOf('checkGood', '', [{}])).toBe('sending');
    expect(lackOf('checkGood', '', [{ sentId: PHOTO }])).toBeNull();
    expect(lackOf('urge', '', [])).toBeNull();
  });
});

describe('a form that stayed open while the incident moved on', () => {
  it('asks for nothing more once it is closed, ended, or answered by somebody else', () => {
    expect(mootOf('checkGood', { state: 'checking', may: ['failCheck'] })).toBeNull();
    expect(mootOf('checkGood', { state: 'closed', may: ['comment'] })).toBe('closed');
    expect(mootOf('verifyTrue', { state: 'cancelled', may: [] })).toBe('ended');
    expect(mootOf('checkBad', { state: 'handling', may: ['comment', 'urge'] })).toBe('elsewhere');
  });

  it('goes on where this very move is still allowed after the end', () => {
    expect(mootOf('appeal', { state: 'rejected', may: ['appeal'] })).toBeNull();
    expect(mootOf('comment', { state: 'closed', may: ['comment'] })).toBeNull();
  });
});
