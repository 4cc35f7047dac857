import { describe, expect, it } from 'vitest';
import {
  afterTrouble,
  draftFromKept,
  emptyDraft,
  hasContent,
  missing,
  nextStep,
  sendingOrder,
  sentPart,
  type Draft,
} from '../../web/field/outbox/plan.ts';

const now = new Date('2026-11-23T07:00:00Z');
const words = { 'zh-CN': '位置在区外，请挪一下', en: 'Move it.' };
const filled: Draft = {
  ...emptyDraft('key-1', 'grid.441802006007005', now),
  category: 'C0101-01',
  description: '井盖不见了',
  position: { lng: 113.03, lat: 23.7, accuracyM: 6 },
  photos: [
    { id: 'a', kind: 'found' },
    { id: 'b', kind: 'found' },
  ],
};
const queued = (by: Partial<Draft> = {}): Draft => ({ ...filled, stage: 'queued', queuedAt: now.toISOString(), ...by });
const sent = (draft: Draft): Draft => ({
  ...draft,
  photos: draft.photos.map((p) => ({ ...p, sentId: `sent-${p.id}` })),
  voices: draft.voices.map((v) => ({ ...v, sentId: `sent-${v.id}` })),
});
const trouble = (code: string, status: number, passing = false) => ({ code, status, passing, whatToDo: words });

/** Sends a draft with a service that always says yes; what went out, in order. */
function sendAll(first: Draft): string[] {
  const out: string[] = [];
  let draft = first;
  for (let turns = 0; turns < 20; turns++) {
    const step = nextStep(draft);
    if (step.do === 'done') return out;
    out.push(step.do === 'photo' ? `photo ${step.photo.id}` : step.do === 'voice' ? `voice ${step.voice.id}` : `${step.do} ${step.key}`);
    if (step.do === 'photo')
      draft = { ...draft, photos: draft.photos.map((p) => (p.id === step.photo.id ? { ...p, sentId: `sent-${p.id}` } : p)) };
    if (step.do === 'voice')
      draft = { ...draft, voices: draft.voices.map((v) => (v.id === step.voice.id ? { ...v, sentId: `sent-${v.id}` } : v)) };
    if (step.do === 'report') draft = { ...draft, incident: 'incident-1' };
    if (step.do === 'settle') draft = { ...draft, settle: null };
  }
  throw new Error('never done');
}

describe('what goes out', () => {
  it('photos first, then the report under the key of the draft', () => {
    expect(sendAll(queued())).toEqual(['photo a', 'photo b', 'report key-1']);
  });

  it('voice notes after the photos, and the report names both', () => {
    const draft = queued({ voices: [{ id: 'v' }, { id: 'w' }] });
    expect(sendAll(draft)).toEqual(['photo a', 'photo b', 'voice v', 'voice w', 'report key-1']);
    expect(nextStep(sent(draft))).toMatchObject({ do: 'report', body: { photos: ['sent-a', 'sent-b'], voices: ['sent-v', 'sent-w'] } });
    expect([sentPart(sent(draft)), sentPart(draft, 'voices')]).toEqual([
      { sent: 2, all: 2 },
      { sent: 0, all: 2 },
    ]);
  });

  it('says nothing of voice notes where nothing was said: the same body, so the same answer under the key', () => {
    const step = nextStep(sent(queued()));
    expect(step.do === 'report' && 'voices' in step.body).toBe(false);
  });

  it('says where the phone was only of a place that was set by hand', () => {
    const bodyOf = (more: Partial<Draft>) => {
      const step = nextStep(sent(queued(more)));
      return step.do === 'report' ? step.body : null;
    };
    const measured = { lng: 113.0008, lat: 23.6795, accuracyM: 9 };
    expect(bodyOf({ position: { lng: 113.001, lat: 23.68 }, measured })).toMatchObject({ measured });
    expect(bodyOf({ position: measured, measured })).not.toHaveProperty('measured');
    expect(bodyOf({ position: { lng: 113.001, lat: 23.68 }, measured: null })).not.toHaveProperty('measured');
  });

  it('names the photos by what the service called them', () => {
    expect(nextStep(sent(queued()))).toMatchObject({
      do: 'report',
      key: 'key-1',
      body: { photos: ['sent-a', 'sent-b'], category: 'C0101-01' },
    });
  });

  it('即查即改 is a second command under a key of its own, with before and after apart', () => {
    const draft = queued({
      settle: { key: 'key-2', note: ' 已清走 ' },
      photos: [
        { id: 'a', kind: 'found' },
        { id: 'z', kind: 'after' },
      ],
    });
    expect(sendAll(draft)).toEqual(['photo a', 'photo z', 'report key-1', 'settle key-2']);
    expect(nextStep({ ...sent(draft), incident: 'incident-1' })).toEqual({
      do: 'settle',
      key: 'key-2',
      incident: 'incident-1',
      body: { verb: 'settleOnSpot', before: ['sent-a'], after: ['sent-z'], note: '已清走' },
    });
  });

  it('goes on where it stopped: what has arrived is not sent again', () => {
    const half = queued({
      photos: [
        { id: 'a', kind: 'found', sentId: 'sent-a' },
        { id: 'b', kind: 'found' },
      ],
    });
    expect(sendAll(half)).toEqual(['photo b', 'report key-1']);
    expect(sendAll({ ...sent(half), incident: 'incident-1' })).toEqual([]);
  });
});

describe('in which order', () => {
  it('the oldest first, only this person’s, only what was sent off', () => {
    const at = (minute: number) => new Date(now.getTime() + minute * 60_000).toISOString();
    const all = [
      queued({ key: 'late', queuedAt: at(2) }),
      queued({ key: 'early', queuedAt: at(1) }),
      queued({ key: 'other', queuedAt: at(0), account: 'grid.other' }),
      { ...filled, key: 'unfinished' },
      queued({ key: 'refused', stage: 'refused', queuedAt: at(0) }),
    ];
    expect(sendingOrder(all, filled.account).map((d) => d.key)).toEqual(['early', 'late']);
  });
});

describe('trouble on the way', () => {
  it.each([
    ['no network', trouble('offline', 0, true)],
    ['the database is away', trouble('database-unavailable', 503, true)],
    ['the session has ended', trouble('not-signed-in', 401)],
  ])('waits and changes nothing when %s', (_why, met) => {
    const draft = queued();
    expect(afterTrouble(draft, 'report', met)).toEqual({ draft, then: 'wait' });
  });

  it('sets a refused one aside with its reason, and the others go on', () => {
    const outcome = afterTrouble(sent(queued()), 'report', trouble('outside-district', 422));
    expect(outcome.then).toBe('next');
    expect(outcome.draft).toMatchObject({ stage: 'refused', key: 'key-1', problem: { code: 'outside-district', words } });
    expect(sendingOrder([outcome.draft], filled.account)).toEqual([]);
  });

  it('sends photos once more that the service no longer knows, and only once more', () => {
    const first = afterTrouble(sent(queued()), 'report', trouble('unknown-photo', 422));
    expect(first.then).toBe('again');
    expect(nextStep(first.draft)).toMatchObject({ do: 'photo', photo: { id: 'a' } });
    expect(afterTrouble(sent(first.draft), 'report', trouble('unknown-photo', 422))).toMatchObject({
      then: 'next',
      draft: { stage: 'refused' },
    });
  });

  it('sends a voice note once more that the service no longer knows', () => {
    const first = afterTrouble(sent(queued({ voices: [{ id: 'v' }] })), 'report', trouble('unknown-voice', 422));
    expect(first.then).toBe('again');
    expect(sendAll(first.draft)).toEqual(['photo a', 'photo b', 'voice v', 'report key-1']);
  });

  it('sets aside with its reason one whose voice note is refused', () => {
    const outcome = afterTrouble(queued({ voices: [{ id: 'v' }] }), 'voice', trouble('voice-not-readable', 415));
    expect(outcome).toMatchObject({ then: 'next', draft: { stage: 'refused', problem: { code: 'voice-not-readable' } } });
  });

  it('keeps the report when it can no longer be settled on the spot', () => {
    const draft = { ...sent(queued({ settle: { key: 'key-2', note: '' } })), incident: 'incident-1' };
    const outcome = afterTrouble(draft, 'settle', trouble('no-such-move', 409));
    expect(outcome.then).toBe('again');
    expect(nextStep(outcome.draft)).toEqual({ do: 'done' });
  });
});

describe('what is missing before it may go', () => {
  it('a category and a place; with 即查即改 a photo from before and one from after', () => {
    expect(missing({ ...filled, category: null })).toBe('category');
    expect(missing({ ...filled, position: null })).toBe('position');
    expect(missing(filled)).toBeNull();
    const settled: Draft = { ...filled, settle: { key: 'k', note: '' } };
    expect(missing(settled)).toBe('after');
    expect(missing({ ...settled, photos: [{ id: 'z', kind: 'after' }] })).toBe('before');
    expect(missing({ ...settled, photos: [...filled.photos, { id: 'z', kind: 'after' }] })).toBeNull();
  });

  it('an opened and closed page is no draft', () => {
    expect(hasContent(emptyDraft('k', 'a', now))).toBe(false);
    expect(hasContent({ ...emptyDraft('k', 'a', now), description: ' ' })).toBe(false);
    expect(hasContent(filled)).toBe(true);
    expect(hasContent({ ...emptyDraft('k', 'a', now), voices: [{ id: 'v' }] })).toBe(true);
  });
});

describe('a draft that an earlier build has kept', () => {
  it('is whole again', () => {
    const { voices: _voices, measured: _measured, ...old } = filled;
    expect(draftFromKept(old)).toEqual(filled);
    const spoken: Draft = { ...filled, voices: [{ id: 'v' }] };
    expect(draftFromKept(spoken)).toEqual(spoken);
  });
});
