/**
 * The whole district follows: centre, subdistricts, communities, grid workers, units. What the centre was pushed is the ledger – it has no
 * hole, so it is complete – and from it follows what each of the others must have, and must not have.
 */
import { Counter, Trend } from 'k6/metrics';
import type { District } from './district.ts';
import { endAll, Follower, followerThresholds, headOf, waitMs, type Item } from './follower.ts';

/** Sockets of each account: a desk and a phone. */
const DEVICES = 2;
const PATIENCE_MS = 30_000;

const ringsReceived = new Counter('rings_received');
const ringsMissed = new Counter('rings_missed');
const ringsDoubled = new Counter('rings_doubled');
/** Pushes of incidents that the account may not see. */
const foreign = new Counter('pushes_foreign');
/** From the decision that sends a unit to the ring on its socket. */
const ringMs = new Trend('decided_to_rung_ms', true);

export const LEDGER_THRESHOLDS: Record<string, string[]> = {
  ...followerThresholds(0),
  // How many there are is known only from the map: a socket that is not finished is lost, and the ledger must have been looked at.
  followers_finished: ['count>50'],
  pushes_received: ['count>100'],
  pushes_foreign: ['count==0'],
  rings_received: ['count>0'],
  rings_missed: ['count==0'],
  rings_doubled: ['count==0'],
};

interface Device {
  readonly account: string;
  readonly follower: Follower;
  /** assignment → when it rang */
  readonly rings: Map<string, { readonly seq: number; readonly atMs: number }>;
}

/** Follows as everybody until `forMs` are over, then compares. */
export async function followDistrict({ tokens }: District, forMs: number): Promise<void> {
  const startedMs = Date.now();
  const centreToken = tokens['district.441802']!;
  const ledger = new Map<number, Item>();
  const centre = new Follower(centreToken, { timed: true, onItem: (item) => void ledger.set(item.seq, item) });
  await centre.welcomed;
  const devices = Object.keys(tokens)
    .filter((account) => /^(subdistrict|community|grid|unit|district)\./.test(account))
    .flatMap((account) => Array.from({ length: DEVICES }, () => deviceOf(account, tokens[account]!)));
  await waitMs(startedMs + forMs - Date.now());

  const head = await headOf(centreToken);
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until && centre.missing(head) > 0) await waitMs(200);
  const items = [...ledger.values()].filter((item) => item.seq <= head).sort((a, b) => a.seq - b.seq);
  const scopes = scopesOf(items);
  const checks = devices.map((device) => ({ device, due: dueTo(device, scopes) }));
  while (Date.now() < until && checks.some(({ device, due }) => due.some((seq) => !device.follower.seen.has(seq)))) await waitMs(1_000);
  const reported = new Set(items.filter((item) => item.verb === 'report').map((item) => item.incident));
  const itemsOf = itemsByUnit(items);
  for (const { device, due } of checks) {
    device.follower.end(due.filter((seq) => !device.follower.seen.has(seq)).length);
    foreign.add(foreignTo(device, due, ledger, reported));
    if (device.account.startsWith('unit.')) compareRings(device, itemsOf.get(device.account) ?? [], ledger);
  }
  await endAll(centreToken, [centre]);
}

function deviceOf(account: string, token: string): Device {
  const rings: Device['rings'] = new Map();
  const follower = new Follower(token, {
    onRing: ({ assignment, seq }, atMs) => {
      if (rings.has(assignment)) ringsDoubled.add(1);
      rings.set(assignment, { seq, atMs });
    },
  });
  return { account, follower, rings };
}

/** For each account, the seqs that are its to see. @param items  in the order of the log. */
function scopesOf(items: readonly Item[]): Map<string, number[]> {
  const scopes = new Map<string, number[]>();
  const unitsOf = new Map<string, Set<string>>();
  for (const { seq, incident, cell, assignments = [] } of items) {
    // A unit sees an incident from the moment at which it is sent there.
    let units = unitsOf.get(incident);
    if (units === undefined) unitsOf.set(incident, (units = new Set()));
    for (const { unit } of assignments) units.add(unit);
    // Codes nest: a cell's 15 digits begin with its community's 12, those with its subdistrict's 9.
    const places = ['district.441802', `subdistrict.${cell.slice(0, 9)}`, `community.${cell.slice(0, 12)}`, `grid.${cell}`];
    for (const account of [...places, ...[...units].map((unit) => `unit.${unit}`)]) {
      const seqs = scopes.get(account);
      if (seqs === undefined) scopes.set(account, [seq]);
      else seqs.push(seq);
    }
  }
  return scopes;
}

function dueTo({ account, follower }: Device, scopes: ReadonlyMap<string, readonly number[]>): number[] {
  if (follower.first < 0) return [];
  return (scopes.get(account) ?? []).filter((seq) => seq > follower.first);
}

/** How many pushes the account should not have had. Whom an incident from before the ledger concerns cannot be told, so those are left out. */
function foreignTo({ follower }: Device, due: readonly number[], ledger: ReadonlyMap<number, Item>, reported: ReadonlySet<string>): number {
  const own = new Set(due);
  let count = 0;
  for (const seq of follower.seen) {
    const item = ledger.get(seq);
    if (item !== undefined && !own.has(seq) && reported.has(item.incident)) count++;
  }
  return count;
}

function itemsByUnit(items: readonly Item[]): Map<string, Item[]> {
  const byUnit = new Map<string, Item[]>();
  for (const item of items) {
    for (const account of new Set(item.assignments?.map((a) => `unit.${a.unit}`))) {
      const list = byUnit.get(account);
      if (list === undefined) byUnit.set(account, [item]);
      else list.push(item);
    }
  }
  return byUnit;
}

/** Each assignment rings once on each device of its unit. */
function compareRings({ account, follower, rings }: Device, items: readonly Item[], ledger: ReadonlyMap<number, Item>): void {
  const asked = items
    .filter(({ seq }) => seq > follower.first)
    .flatMap(({ assignments = [] }) => assignments.filter((a) => a.state === 'assigned' && `unit.${a.unit}` === account));
  ringsReceived.add(rings.size);
  ringsMissed.add(asked.filter(({ id }) => !rings.has(id)).length);
  for (const ring of rings.values()) {
    const decided = ledger.get(ring.seq);
    if (decided !== undefined && ring.seq > follower.first) ringMs.add(ring.atMs - Date.parse(decided.at));
  }
}
