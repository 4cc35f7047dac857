import { describe, expect, it } from 'vitest';
import { CommandSchema } from '../../../src/dispatch/chain/commands.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { DRAINAGE, incidentIn, lead, make } from './world.ts';

const photo = (n: number) => `01970000-0000-7000-8000-00000000f00${n}`;
const kinds = ({ photos }: Incident) => photos.map(({ id, kind }) => [id, kind]);

describe('处置前、处置中、处置后 (photos of a unit by phase)', () => {
  it('are kept apart, whichever press brings them', () => {
    let i = incidentIn('responding');
    i = make(i, { verb: 'arrive', assignment: lead(i), photos: [photo(1)], phase: 'before' }, DRAINAGE);
    i = make(i, { verb: 'attach', photos: [photo(2)], phase: 'before' }, DRAINAGE);
    i = make(i, { verb: 'attach', photos: [photo(3)], phase: 'during' }, DRAINAGE);
    i = make(i, { verb: 'finish', assignment: lead(i), photos: [photo(4)], phase: 'after' }, DRAINAGE);
    expect(kinds(i)).toEqual([
      [photo(1), 'before'],
      [photo(2), 'before'],
      [photo(3), 'during'],
      [photo(4), 'after'],
    ]);
  });

  it('without a phase are what the verb says, as in logs from before there were phases', () => {
    let i = incidentIn('responding');
    i = make(i, { verb: 'arrive', assignment: lead(i), photos: [photo(1)] }, DRAINAGE);
    i = make(i, { verb: 'attach', photos: [photo(2)] }, DRAINAGE);
    i = make(i, { verb: 'finish', assignment: lead(i), photos: [photo(3)] }, DRAINAGE);
    expect(kinds(i).map(([, kind]) => kind)).toEqual(['evidence', 'evidence', 'after']);
  });

  it('of no other phase are taken', () => {
    expect(CommandSchema.safeParse({ verb: 'attach', photos: [photo(1)], phase: 'later' }).success).toBe(false);
    expect(CommandSchema.safeParse({ verb: 'attach', photos: [photo(1)], phase: 'during' }).success).toBe(true);
  });
});
