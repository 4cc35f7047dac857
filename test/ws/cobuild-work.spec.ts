/** 共建共治 on sockets: which grid workers hear that a need or an activity changed, and that nobody else does. */
import { beforeEach, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { inProcessBus } from '../../src/ws/bus.ts';
import { Feed } from '../../src/ws/feed.ts';
import { Hub } from '../../src/ws/hub.ts';
import { sendCobuildWork } from '../../src/ws/cobuild-work.ts';
import { ACTORS, FakeLog, FakeScheduler, FakeWire } from './support/fakes.ts';

const DISTRICT = 441802;
const worker = (community: string, district = DISTRICT): Actor => ({
  account: `grid.${community}001`,
  role: 'gridWorker',
  district,
  subdistrict: community.slice(0, 9),
  community,
  cell: `${community}001`,
});
const here = worker('441802006020');
const beside = worker('441802006021');
const elsewhere = worker('441802103002');
const need = (place: string) => ({ kind: 'need' as const, code: `need-${place}`, place });

let hub: Hub;
let time: FakeScheduler;

beforeEach(async () => {
  time = new FakeScheduler();
  const onError = (error: unknown): never => {
    throw error;
  };
  const feed = new Feed({ district: DISTRICT, log: new FakeLog(), bus: inProcessBus().join(), scheduler: time, onError });
  hub = new Hub({ feed, scheduler: time, onError });
  await feed.start();
});

async function joined(actor: Actor): Promise<FakeWire> {
  const wire = new FakeWire();
  await hub.follow(hub.join({ actor, sessionId: `of ${actor.account}`, device: 'test' }, wire), { type: 'follow' });
  await time.settle();
  return wire;
}

it('a need of a community is for its own grid workers, one of the subdistrict for all in it', async () => {
  const wires = await Promise.all([here, beside, elsewhere].map(joined));
  sendCobuildWork(hub, DISTRICT, [need(here.community!)]);
  expect(wires.map((wire) => wire.of('work').length)).toEqual([1, 0, 0]);
  sendCobuildWork(hub, DISTRICT, [need(here.community!), need('441802006')]);
  expect(
    wires.map((wire) =>
      wire
        .of('work')
        .at(-1)
        ?.items.map(({ code }) => code),
    ),
  ).toEqual([['need-441802006020', 'need-441802006'], ['need-441802006'], undefined]);
});

it('the frame has kind and code and nothing else', async () => {
  const wire = await joined(here);
  sendCobuildWork(hub, DISTRICT, [need(here.community!)]);
  expect(wire.of('work')).toEqual([{ type: 'work', items: [{ kind: 'need', code: 'need-441802006020' }] }]);
});

it('others hear of 共建共治 by notices: none of them gets a frame, nor a grid worker of another district', async () => {
  const others = Object.values(ACTORS).filter(({ role }) => role !== 'gridWorker');
  expect(others.length).toBeGreaterThan(4);
  const wires = await Promise.all([...others, worker('441802006020', 441803)].map(joined));
  sendCobuildWork(hub, DISTRICT, [need('441802006020'), need('441802006001'), need('441802006')]);
  expect(wires.flatMap((wire) => wire.of('work'))).toEqual([]);
});
