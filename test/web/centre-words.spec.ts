import { describe, expect, it } from 'vitest';
import { hasKey, keyAction, KEY_SHEET } from '../../web/centre/keys/keys.ts';
import { findCategories } from '../../web/shared/category-search.ts';
import { shortCommunity, shortSubdistrict } from '../../web/centre/short-names.ts';
import { withoutMark } from '../../web/shared/invented.ts';
import { pageEn, pageZh } from '../../web/centre/words/page.ts';
import { drawerEn, drawerZh } from '../../web/centre/words/drawer.ts';
import { movesEn, movesZh } from '../../web/centre/words/moves.ts';
import { replayEn, replayZh } from '../../web/centre/words/map.ts';
import { sendingEn, sendingZh } from '../../web/centre/words/sending.ts';
import { workEn, workZh } from '../../web/centre/words/work.ts';
import { FIELDS, hasForm } from '../../web/centre/moves/forms.ts';
import { VERBS } from '../../src/dispatch/chain/states.ts';
import type { Category } from '../../web/shared/types.ts';

type Tree = { readonly [key: string]: string | Tree };
const paths = (tree: Tree, at = ''): [string, string][] =>
  Object.entries(tree).flatMap(([k, v]) => (typeof v === 'string' ? [[`${at}${k}`, v] as [string, string]] : paths(v, `${at}${k}.`)));

describe('the words of the centre', () => {
  const zh = paths({ ...pageZh, ...drawerZh, ...movesZh, ...sendingZh, ...workZh, replay: replayZh });
  const en = paths({ ...pageEn, ...drawerEn, ...movesEn, ...sendingEn, ...workEn, replay: replayEn });

  it('are there in both languages, with the same blanks to fill in', () => {
    expect(en.map(([k]) => k)).toEqual(zh.map(([k]) => k));
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [i, [key, text]] of zh.entries()) expect([key, blanks(en[i]![1])]).toEqual([key, blanks(text)]);
    expect(zh.length).toBeGreaterThan(200);
  });

  it('do not overwrite each other where the parts meet', () => {
    const names = [pageZh, drawerZh, movesZh, sendingZh, workZh].flatMap((part) => Object.keys(part));
    expect(new Set(names).size).toBe(names.length);
  });

  it('name every action, field and key', () => {
    for (const action of [...VERBS, 'answerExtension', 'confirmForceClose'].filter(hasForm))
      expect(Object.keys(movesZh.actions)).toContain(action);
    for (const field of FIELDS) expect(Object.keys(movesZh.fields)).toContain(field);
    for (const { name } of KEY_SHEET) expect(Object.keys(pageZh.keys)).toContain(name === 'close' ? 'closeDrawer' : name);
  });

  it('speak to staff without exclamation marks or 您', () => {
    for (const [key, text] of zh) expect([key, /[！!您]/.test(text)]).toEqual([key, false]);
  });
});

describe('keys', () => {
  const press = (key: string, more: Partial<Parameters<typeof keyAction>[0]> = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...more,
  });

  /** As the sheet shows them, and as the keyboard says. */
  const NAMED = new Map([
    ['Esc', 'Escape'],
    ['Space', ' '],
    ['←', 'ArrowLeft'],
    ['→', 'ArrowRight'],
  ]);

  it('do what the sheet says, on the page', () => {
    expect(keyAction(press('j'), 'page', true)).toEqual({ do: 'next' });
    expect(keyAction(press('3'), 'page', true)).toEqual({ do: 'tab', tab: 3 });
    expect(keyAction(press('D'), 'page', true)).toEqual({ do: 'verb', verb: 'dispatch' });
    expect(keyAction(press(']'), 'page', true)).toEqual({ do: 'subdistrict', by: 1 });
    expect(keyAction(press('x'), 'page', true)).toEqual({ do: 'pick' });
    expect(keyAction(press('J', { shiftKey: true }), 'page', true)).toEqual({ do: 'pickNext' });
    expect(keyAction(press('ArrowUp', { shiftKey: true }), 'page', false)).toEqual({ do: 'pickPrevious' });
    // Caps Lock is no Shift.
    expect(keyAction(press('J'), 'page', true)).toEqual({ do: 'next' });
    expect(keyAction(press('?', { shiftKey: true }), 'page', true)).toEqual({ do: 'help' });
    for (const { keys } of KEY_SHEET) {
      if (keys.some((k) => k === 'Ctrl' || k === 'Shift')) continue;
      for (const key of keys) expect([key, keyAction(press(NAMED.get(key) ?? key), 'page', true, true)]).not.toEqual([key, null]);
    }
  });

  it('are letters where one types', () => {
    for (const key of ['j', '/', '?', '1', 'Enter']) expect(keyAction(press(key), 'text', true)).toBeNull();
    expect(keyAction(press('Escape'), 'text', true)).toEqual({ do: 'close' });
    expect(keyAction(press('Enter', { ctrlKey: true }), 'text', true)).toEqual({ do: 'solid' });
  });

  it('never take the Enter that chooses a Chinese word', () => {
    expect(keyAction(press('Enter', { isComposing: true, ctrlKey: true }), 'text', true)).toBeNull();
  });

  it('leave Enter to the button under it, and the browser its own shortcuts', () => {
    expect(keyAction(press('Enter'), 'control', true)).toBeNull();
    expect(keyAction(press('f', { ctrlKey: true }), 'page', true)).toBeNull();
  });

  it('leave arrows, Enter and space bar to the map and to a choice of several, and work there else', () => {
    for (const key of ['ArrowDown', 'ArrowLeft', 'Enter', ' ']) expect(keyAction(press(key), 'own', true, true), key).toBeNull();
    expect(keyAction(press('j'), 'own', true)).toEqual({ do: 'next' });
    expect(keyAction(press('m'), 'own', true)).toEqual({ do: 'fly' });
    expect(keyAction(press('Escape'), 'own', false)).toEqual({ do: 'close' });
    expect(keyAction(press('Enter', { ctrlKey: true }), 'own', true)).toEqual({ do: 'solid' });
  });

  it('wind the tape only while it is played, and leave the space bar to a button under it', () => {
    expect(keyAction(press('ArrowLeft'), 'page', false, true)).toEqual({ do: 'stepBack' });
    expect(keyAction(press(' '), 'page', false, true)).toEqual({ do: 'play' });
    expect(keyAction(press(' '), 'control', true, true)).toBeNull();
    expect(keyAction(press(' '), 'text', true, true)).toBeNull();
    for (const key of [' ', 'ArrowLeft', 'ArrowRight']) expect(keyAction(press(key), 'page', true)).toBeNull();
  });

  it('are offered to those only for whom they ever do something', () => {
    const lacks = (role: string) => KEY_SHEET.filter(({ name }) => !hasKey(name, role)).map(({ name }) => name);
    expect(lacks('district')).toEqual([]);
    expect(lacks('subdistrict')).toEqual([]);
    expect(lacks('community')).toEqual(['dispatch', 'addUnit', 'suspend']);
    expect(lacks('leader')).toEqual(['report', 'dispatch', 'addUnit', 'regrade', 'extend', 'suspend']);
    expect(lacks('auditor')).toEqual([...lacks('leader').toSpliced(3, 0, 'urge'), 'pick', 'pickOn', 'batch']);
  });

  it('can be switched off but for those that are no letters', () => {
    expect(keyAction(press('j'), 'page', false)).toBeNull();
    expect(keyAction(press('ArrowDown'), 'page', false)).toEqual({ do: 'next' });
    expect(keyAction(press('Enter'), 'page', false)).toEqual({ do: 'open' });
  });
});

describe('names in a row', () => {
  it('are short, and whole where they follow no pattern', () => {
    expect(shortSubdistrict('凤城街道')).toBe('凤城');
    expect(shortSubdistrict('Longtang Town')).toBe('Longtang');
    expect(shortCommunity('大观社区居委会')).toBe('大观社区');
    expect(shortCommunity('井岭村委会')).toBe('井岭村');
    expect(shortCommunity('某某街')).toBe('某某街');
    expect(withoutMark('演示·凤城派出所')).toBe('凤城派出所');
  });
});

describe('finding a category for a caller', () => {
  const row = (code: string, nameZh: string, keywords: string[], level: Category['level'] = 'R3') =>
    ({ code, nameZh, nameEn: code, openZh: '', openEn: '', keywords, level }) as unknown as Category;
  const rows = [
    row('lamp', '路灯', ['路灯不亮', '灯杆']),
    row('cover', '雨水井盖', ['井盖丢失', '井盖松动'], 'R2'),
    row('gas', '燃气管道破裂', ['漏气', '燃气味'], 'R1'),
  ];

  it('goes by what was said, whole keywords before parts of words', () => {
    expect(findCategories(rows, '小区门口井盖丢失，有人差点掉下去')[0]!.category.code).toBe('cover');
    expect(findCategories(rows, '楼下漏气')[0]!.category.code).toBe('gas');
    expect(findCategories(rows, '灯').map((f) => f.category.code)).toEqual(['lamp']);
  });

  it('finds nothing for nothing', () => {
    expect(findCategories(rows, '  ')).toEqual([]);
    expect(findCategories(rows, 'zzz')).toEqual([]);
  });
});
