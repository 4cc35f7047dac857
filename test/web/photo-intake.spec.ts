/** Photos between the camera and the report: none is lost because somebody was quicker than the phone. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import type { LocalPhoto } from '../../web/shared/photos.ts';
import { keepIn, memoryDb } from './support/kept.ts';
import { newDevice, openPage } from './support/page.ts';

const at = new Date('2026-11-23T07:00:00Z');
afterEach(() => vi.unstubAllGlobals());

describe('a photo that is made small', () => {
  async function intake() {
    openPage(newDevice());
    const { localPhoto } = await import('../../web/shared/photos.ts');
    const { makeIntake } = await import('../../web/shared/photo-intake.ts');
    const come: LocalPhoto[] = [];
    const small: ((blob: Blob) => void)[] = [];
    const made = makeIntake(
      (photo) => come.push(photo),
      () => new Promise((done) => small.push(done)),
    );
    return { ...made, come, small, photo: (text: string) => localPhoto(new Blob([text]), at) };
  }

  it('is waited for by whoever sends', async () => {
    const { take, settled, come, small, photo } = await intake();
    const [first, second] = [photo('one'), photo('two')];
    take([first, second]);
    let done = false;
    const waiting = settled().then(() => (done = true));
    await vi.waitFor(() => expect(small).toHaveLength(1));
    expect(done).toBe(false);
    small[0]!(new Blob(['1']));
    // One after the other: two large pictures at once are too much for a small phone.
    await vi.waitFor(() => expect(small).toHaveLength(2));
    expect(done).toBe(false);
    small[1]!(new Blob(['2']));
    await waiting;
    expect(come.map((p) => [p.id, p.takenAt, p.blob.size])).toEqual([first, second].map((p) => [p.id, at.toISOString(), 1]));
  });

  it('that is taken while one waits is waited for too', async () => {
    const { take, settled, come, small, photo } = await intake();
    take([photo('one')]);
    const waiting = settled();
    take([photo('two')]);
    for (const i of [0, 1]) {
      await vi.waitFor(() => expect(small).toHaveLength(i + 1));
      small[i]!(new Blob(['x']));
    }
    await waiting;
    expect(come).toHaveLength(2);
  });
});

describe('a photo that comes into a draft', () => {
  async function open() {
    openPage(newDevice());
    vi.stubGlobal('navigator', { onLine: false });
    const db = memoryDb();
    keepIn(db);
    const outbox = await import('../../web/field/outbox/outbox.ts');
    await outbox.openOutbox('grid.1', () => undefined);
    const { localPhoto } = await import('../../web/shared/photos.ts');
    const { useDraft } = await import('../../web/field/report/use-draft.ts');
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const writing = effectScope(true).run(() => useDraft('report-1', () => ({ position: null, measured: null })))!;
    warned.mockRestore();
    return { db, writing, photo: localPhoto(new Blob(['x']), at) };
  }

  it('is kept with its draft at once: the page may be closed in the next moment', async () => {
    const { db, writing, photo } = await open();
    void writing.photoAdded(photo, 'found');
    await writing.settled();
    expect(await db.get('outbox', 'report-1')).toMatchObject({ photos: [{ id: photo.id, kind: 'found' }] });
    expect(await db.getAllKeys('photos')).toEqual([photo.id]);
  });

  it('leaves nothing behind when the draft was thrown away meanwhile', async () => {
    const { db, writing, photo } = await open();
    const added = writing.photoAdded(photo, 'found');
    await Promise.all([added, writing.remove()]);
    await writing.photoAdded({ ...photo, id: 'late' }, 'found');
    expect(await db.getAllKeys('photos')).toEqual([]);
    expect(await db.getAllKeys('outbox')).toEqual([]);
  });
});

describe('a new build', () => {
  it('is not taken while a unit’s photo is in memory only, not even when somebody asks for it', async () => {
    openPage(newDevice());
    const { held, holdPage, unkeepable } = await import('../../web/shared/shell/held.ts');
    const { anyTaken, takenPhotos } = await import('../../web/unit/task/taken-photos.ts');
    const { localPhoto } = await import('../../web/shared/photos.ts');
    const scope = effectScope(true);
    scope.run(() => holdPage(anyTaken, null));
    expect([held.value, unkeepable.value]).toEqual([false, false]);
    const { during } = takenPhotos('i1');
    during.value = [localPhoto(new Blob(['x']), at)];
    expect([held.value, unkeepable.value]).toEqual([true, true]);
    during.value = [];
    expect([held.value, unkeepable.value]).toEqual([false, false]);
    scope.stop();
  });

  it('may be asked for while words are typed: they are written down', async () => {
    openPage(newDevice());
    const { held, holdPage, keepAll, unkeepable } = await import('../../web/shared/shell/held.ts');
    const keep = vi.fn(async () => undefined);
    effectScope(true).run(() => holdPage(() => true, keep));
    expect([held.value, unkeepable.value]).toEqual([true, false]);
    await keepAll();
    expect(keep).toHaveBeenCalledOnce();
  });
});

describe('a form that was closed over what it sends', () => {
  it('is opened again with its photos, its keys and what has gone out', async () => {
    openPage(newDevice());
    const { begunIn, finish } = await import('../../web/field/incidents/begun.ts');
    const begun = begunIn('i1', 'checkGood');
    begun.keys = ['k1', 'k2'];
    begun.sent = 1;
    expect(begunIn('i1', 'checkGood')).toBe(begun);
    expect(begunIn('i1', 'checkBad')).toMatchObject({ keys: [], sent: 0 });
    expect(begunIn('i2', 'checkGood')).toMatchObject({ keys: [], sent: 0 });
    finish('i1', 'checkGood');
    expect(begunIn('i1', 'checkGood')).toMatchObject({ keys: [], sent: 0 });
  });
});
