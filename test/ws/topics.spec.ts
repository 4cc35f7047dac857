import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { maySee } from '../../src/identity/scope.ts';
import { AudienceIndex } from '../../src/ws/audience.ts';
import { encodeMove, keysOf } from '../../src/ws/encode.ts';
import { Follower } from '../../src/ws/follower.ts';
import { mayFollow, wants } from '../../src/ws/topics.ts';
import { ACTORS, FakeWire } from './support/fakes.ts';
import { CELL_A, CELL_B, CELL_OTHER_COMMUNITY, CELL_OTHER_SUBDISTRICT, DISTRICT, numbered, Story, uuid } from './support/story.ts';

const TOPICS = [
  'district',
  'subdistrict:441802006',
  'subdistrict:441802007',
  'community:441802006001',
  'community:441802006002',
  'community:441802007001',
  `cell:${CELL_A}`,
  `cell:${CELL_B}`,
  `cell:${CELL_OTHER_COMMUNITY}`,
  `cell:${CELL_OTHER_SUBDISTRICT}`,
  'unit:a',
  'unit:b',
] as const;

/** The whole square of role × topic. */
const GRANTED: Record<Exclude<keyof typeof ACTORS, 'foreign'>, readonly (typeof TOPICS)[number][]> = {
  district: TOPICS,
  auditor: TOPICS,
  subdistrict: [
    'subdistrict:441802006',
    'community:441802006001',
    'community:441802006002',
    `cell:${CELL_A}`,
    `cell:${CELL_B}`,
    `cell:${CELL_OTHER_COMMUNITY}`,
    'unit:a',
    'unit:b',
  ],
  community: ['community:441802006001', `cell:${CELL_A}`, `cell:${CELL_B}`],
  gridWorker: [`cell:${CELL_A}`],
  leader: ['community:441802006001', 'community:441802007001', `cell:${CELL_A}`, `cell:${CELL_B}`, `cell:${CELL_OTHER_SUBDISTRICT}`],
  member: ['community:441802006002', `cell:${CELL_OTHER_COMMUNITY}`],
  unitA: ['unit:a'],
  unitB: ['unit:b'],
};

describe('following a topic', () => {
  test.each(Object.entries(GRANTED))('%s follows what lies in its scope and nothing else', (name, granted) => {
    const actor = ACTORS[name as keyof typeof ACTORS];
    expect(TOPICS.filter((topic) => mayFollow(actor, topic))).toEqual(granted);
  });

  it('of one incident depends on where it lies', () => {
    for (const actor of Object.values(ACTORS)) expect(mayFollow(actor, `incident:${uuid()}`)).toBe('ask');
    for (const actor of Object.values(ACTORS)) expect(mayFollow(actor, `incident:${'-'.repeat(36)}`)).toBe(false);
  });

  test.each([
    '',
    'everything',
    'account:grid.1',
    'devices:a',
    'district:441802',
    'cell:44',
    'subdistrict:441802006 ',
    'unit:',
    'unit:A b',
    '__proto__',
  ])('named %j is nobody’s', (topic) => {
    for (const actor of Object.values(ACTORS)) expect(mayFollow(actor, topic)).toBe(false);
  });
});

const anyActor = fc.constantFrom<Actor>(...Object.values(ACTORS));
const anyMove = fc.record({
  cell: fc.constantFrom(CELL_A, CELL_B, CELL_OTHER_COMMUNITY, CELL_OTHER_SUBDISTRICT),
  reportedBy: fc.constantFrom(...Object.values(ACTORS).map((a) => a.account), 'somebody'),
  units: fc.subarray(['a', 'b', 'c']),
});
const anyTopics = fc.option(fc.subarray([...TOPICS]), { nil: null });

describe('finding receivers by key', () => {
  it('gives exactly what scope and topics say, for any mix of followers and moves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyActor, anyTopics), { maxLength: 12 }), fc.array(anyMove, { maxLength: 12 }), (who, what) => {
        const moves = numbered(
          what.flatMap(({ units, ...place }) => {
            const story = new Story(place);
            return units.length > 0 ? story.untilDispatched(...units) : [story.report()];
          }),
        ).map(encodeMove);
        const index = new AudienceIndex(DISTRICT);
        const followers = who.map(([actor, topics]) => {
          const follower = new Follower({ actor, sessionId: 's', device: 'd' }, new FakeWire());
          follower.audience = index.add(follower, topics);
          return { follower, topics };
        });
        index.match(moves);
        for (const { follower, topics } of followers) {
          const expected = moves.filter((m) => wants(follower.actor, topics, m.move));
          const run = follower.audience!.run;
          expect(run?.length ?? 0).toBe(expected.length);
          if (run) {
            const { bytes, payloadAt } = run.frame();
            const items = JSON.parse(bytes.subarray(payloadAt).toString()).items as { seq: number }[];
            expect(items.map((i) => i.seq)).toEqual(expected.map((m) => m.seq));
          }
          // The rule itself, said a second time: never outside the scope.
          for (const m of expected) expect(maySee(follower.actor, m.move)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('shares one frame among all that get the same moves', () => {
    const index = new AudienceIndex(DISTRICT);
    const audiences = [ACTORS.district, ACTORS.auditor, ACTORS.subdistrict].map((actor) =>
      index.add(new Follower({ actor, sessionId: 's', device: 'd' }, new FakeWire()), null),
    );
    index.match(numbered([new Story().report(), new Story({ cell: CELL_B }).report()]).map(encodeMove));
    expect(new Set(audiences.map((a) => a.run!.frame())).size).toBe(1);
  });

  it('forgets an audience with its last follower', () => {
    const index = new AudienceIndex(DISTRICT);
    const first = new Follower({ actor: ACTORS.district, sessionId: 's', device: 'd' }, new FakeWire());
    const second = new Follower({ actor: ACTORS.district, sessionId: 't', device: 'd' }, new FakeWire());
    const audience = index.add(first, null);
    expect(index.add(second, null)).toBe(audience);
    index.remove(first, audience);
    expect([...index.all()]).toEqual([audience]);
    index.remove(second, audience);
    expect([...index.all()]).toEqual([]);
    expect(index.match(numbered([new Story().report()]).map(encodeMove))).toEqual([]);
  });

  it('names every topic of a move', () => {
    const story = new Story();
    const [, , , dispatched] = numbered(story.untilDispatched('a', 'b'));
    expect(keysOf(dispatched!)).toEqual([
      'district',
      'subdistrict:441802006',
      'community:441802006001',
      `cell:${CELL_A}`,
      `incident:${story.incident}`,
      `account:grid.${CELL_A}`,
      'unit:a',
      'unit:b',
    ]);
  });
});
