/** A form of 共建 that was closed over what was typed: it goes on from there, and from nothing else. */
import { beforeEach, describe, expect, it } from 'vitest';
import { missingIn, resumed, startOf, typedIn, type Field } from '../../web/centre/cobuild/fields.ts';
import { draftOf, keepDraft } from '../../web/centre/cobuild/form-drafts.ts';
import { me } from '../../web/shared/session.ts';
import type { Me } from '../../web/shared/types.ts';

const minutes: Field = { kind: 'lines', name: 'minutes', label: '纪要', max: 20_000, value: '' };
const came: Field = {
  kind: 'several',
  name: 'attended',
  label: '到会',
  choices: ['a', 'b'].map((value) => ({ value, label: value })),
  value: ['a'],
};
const owner: Field = { kind: 'choice', name: 'owner', label: '谁办', choices: [{ value: 'x', label: '甲' }] };
const done: Field = { kind: 'number', name: 'done', label: '完成', least: 0, most: 10, value: 3 };
const fields = [minutes, came, owner, done];

describe('what was typed', () => {
  it('is what differs from how the form began', () => {
    expect(typedIn(fields, startOf(fields))).toEqual({});
    expect(typedIn(fields, { minutes: '到会 12 家', attended: ['a'], owner: '', done: 3 })).toEqual({ minutes: '到会 12 家' });
    expect(typedIn(fields, { ...startOf(fields), attended: [] })).toEqual({ attended: [] });
  });

  it('is put over what the form begins with now: what others changed meanwhile is not undone', () => {
    const later = [minutes, came, owner, { ...done, value: 7 }];
    expect(resumed(later, { minutes: '到会 12 家' })).toEqual({ minutes: '到会 12 家', attended: ['a'], owner: '', done: 7 });
  });

  it('is left out where it can no longer be chosen', () => {
    expect(resumed(fields, { owner: 'gone', attended: ['gone'], minutes: 7, done: 'x', other: 'y' })).toEqual(startOf(fields));
    expect(resumed(fields, { owner: 'x', attended: ['b'] })).toMatchObject({ owner: 'x', attended: ['b'] });
  });

  it('may be a number that is not there yet, which is missing then', () => {
    const values = resumed(fields, { done: '' });
    expect(values['done']).toBe('');
    expect(missingIn([done], values)).toEqual(['完成']);
  });
});

describe('drafts', () => {
  const signIn = (account: string | null) => (me.value = account === null ? null : ({ account } as Me));
  beforeEach(() => signIn('community.441802006001'));

  it('are of one form: object and act', () => {
    keepDraft('conference 7 hold', { minutes: '第一条' });
    expect(draftOf('conference 7 hold')).toEqual({ minutes: '第一条' });
    expect(draftOf('conference 7 correct')).toBeNull();
    expect(draftOf('conference 8 hold')).toBeNull();
  });

  it('are of one account: the next person on this device does not find them', () => {
    keepDraft('conference 9 hold', { minutes: '第一条' });
    signIn('community.441802006002');
    expect(draftOf('conference 9 hold')).toBeNull();
    signIn('community.441802006001');
    expect(draftOf('conference 9 hold')).toEqual({ minutes: '第一条' });
  });

  it('are gone once they are sent or emptied', () => {
    keepDraft('needs publish', { titleZh: '桶' });
    keepDraft('needs publish', {});
    expect(draftOf('needs publish')).toBeNull();
    keepDraft('needs publish', { titleZh: '桶' });
    keepDraft('needs publish', null);
    expect(draftOf('needs publish')).toBeNull();
  });
});
