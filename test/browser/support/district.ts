/** A district with a day behind it: incidents of our own in many states, so that a page is seen with work on it. */
import { readFileSync } from 'node:fs';
import type { Outside } from './outside.ts';

interface CellFeature {
  readonly properties: { readonly code: string; readonly community: string; readonly subdistrict: string };
  readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly (readonly [number, number])[])[] };
}
interface Message {
  readonly title: string;
  readonly text: string;
}

const data = (file: string) => readFileSync(new URL(`../../../data/${file}`, import.meta.url), 'utf8');

/** How far an incident is taken; each includes those before it. */
const STEPS = ['reported', 'called', 'coordinating', 'dispatched', 'responding', 'handling', 'disposed', 'checking', 'closed'] as const;
type Step = (typeof STEPS)[number];

type Story = readonly [title: string, category: string, subdistrict: string, step: Step];

/** Title of a message of data/replay/reports.jsonl, its category, its 街镇, and how far it has come. */
const EARLIER: readonly Story[] = [
  ['雨水井盖翻起', 'C0104-01', '441802006', 'reported'],
  ['路灯不亮', 'C0137-02', '441802006', 'called'],
  ['垃圾堆了三天', 'E0110-01', '441802006', 'handling'],
  ['消防通道被堵', 'E0498-01', '441802007', 'responding'],
  ['树枝压在电线上', 'C0402-01', '441802007', 'coordinating'],
  ['流动摊占道', 'E0406-01', '441802008', 'called'],
  ['外墙瓷片松动', 'E0599-01', '441802008', 'dispatched'],
  ['河涌发黑', 'E0126-02', '441802009', 'checking'],
  ['独居老人没人开门', 'L9499-01', '441802009', 'disposed'],
  ['装修垃圾偷倒', 'E0111-01', '441802103', 'reported'],
  ['欠薪', 'S9699-01', '441802103', 'coordinating'],
  ['公交站牌歪了', 'C0204-01', '441802105', 'handling'],
  ['人行道破损', 'C0299-01', '441802107', 'reported'],
  ['小广告贴满楼道', 'E0201-01', '441802006', 'closed'],
];
/** 特急 goes on by itself until the units ring. */
const NOW: readonly Story[] = [
  ['电梯困人', 'E0596-01', '441802006', 'dispatched'],
  ['水管爆了', 'E0501-01', '441802008', 'responding'],
];

/** Middle of the corners: inside for the plain cells of the demo world, and the service says so if it is not. */
function middleOf(feature: CellFeature): { lng: number; lat: number } {
  const corners = feature.geometry.coordinates[0]!.slice(1);
  const mean = (i: 0 | 1) => corners.reduce((sum, corner) => sum + corner[i], 0) / corners.length;
  return { lng: Number(mean(0).toFixed(6)), lat: Number(mean(1).toFixed(6)) };
}

/** What was reported a while ago, and how far people have come with it. @returns how many incidents were made. */
export const fillEarlier = (service: Outside) => fill(service, EARLIER);
/** What has just been reported, too grave to wait. @returns how many incidents were made. */
export const fillNow = (service: Outside) => fill(service, NOW);

async function fill(service: Outside, stories: readonly Story[]): Promise<number> {
  const cells = (JSON.parse(data('world/cells.geojson')) as { features: CellFeature[] }).features;
  const messages = new Map(
    data('replay/reports.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message)
      .map((m) => [m.title, m]),
  );
  for (const [i, [title, category, subdistrict, step]] of stories.entries()) {
    const own = cells.filter((c) => c.properties.subdistrict === subdistrict && c.geometry.type === 'Polygon');
    // Spread over the 街镇, and never the cell of the journey itself, which is the first.
    const cell = own[(17 + i * 23) % own.length]!;
    const description = `${title}。${messages.get(title)!.text}`;
    const position = { ...middleOf(cell), accuracyM: 8 };
    const incident = await service.report(`grid.${cell.properties.code}`, { category, description, position });
    await take(service, incident, cell.properties, step);
  }
  return stories.length;
}

interface Incident {
  readonly id: string;
  readonly level: string;
  readonly state: string;
  readonly assignments: readonly { readonly id: string; readonly unit: string; readonly role: string }[];
}

async function take(service: Outside, reported: Incident, { community, subdistrict }: CellFeature['properties'], to: Step): Promise<void> {
  const { id } = reported;
  const last = STEPS.indexOf(to);
  const byCommunity = `community.${community}`;
  const bySubdistrict = `subdistrict.${subdistrict}`;
  const upTo = (step: Step) => STEPS.indexOf(step) <= last;
  let incident = reported;
  if (reported.level === 'R1') {
    while (incident.state !== 'dispatched') incident = await service.get(bySubdistrict, `/incidents/${id}`);
  } else {
    if (upTo('called')) await service.move(byCommunity, id, { verb: 'call' });
    if (upTo('coordinating')) await service.move(bySubdistrict, id, { verb: 'accept' });
    if (upTo('dispatched'))
      incident = await service.move(bySubdistrict, id, { verb: 'dispatch', ...(await byRunCard(service, bySubdistrict, id)) });
  }
  for (const a of incident.assignments) {
    const press = (verb: string) => service.move(`unit.${a.unit}`, id, { verb, assignment: a.id });
    if (upTo('responding')) await press('acknowledge');
    if (upTo('handling') && (a.role === 'lead' || upTo('disposed'))) await press('arrive');
    if (upTo('disposed')) await press('finish');
  }
  if (upTo('checking')) await service.move(bySubdistrict, id, { verb: 'assignCheck' });
  if (upTo('closed')) await service.move(byCommunity, id, { verb: 'confirmClose', score: 5 });
}

async function byRunCard(service: Outside, account: string, id: string): Promise<object> {
  const card = await service.get(account, `/incidents/${id}/run-card`);
  const assisting = card.assisting.flatMap((c: { chosen: string | null }) => (c.chosen ? [{ unit: c.chosen }] : []));
  return { lead: { unit: card.lead.chosen }, assisting };
}
