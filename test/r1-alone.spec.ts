/**
 * 特急 runs by itself: from the report to ringing units without a person, and the same when the process that does it is killed between any
 * two of its steps. Real processes, killed without warning; the moment is chosen in the database.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../scripts/replay/client.ts';
import { Follower } from '../scripts/replay/follower.ts';
import { loadDemoAccounts } from '../src/identity/demo-accounts.ts';
import { hashPassword } from '../src/identity/passwords.ts';
import { openTestDatabase, type TestDatabase } from './support/database.ts';
import { HeldStep, namedNode } from './support/held-step.ts';
import { startNode, type NodeProcess } from './support/node-process.ts';

const PASSWORD = 'r1-alone-password';
const REPORTER = 'grid.441802006001001';
/** 供水管道破裂, R1. */
const REPORT = { category: 'E0501-01', description: '水管爆了，路面被冲', position: { lng: 113.0008, lat: 23.6795 } };
const STEPS = ['report', 'call', 'accept', 'dispatch'] as const;
type Step = (typeof STEPS)[number];
const PATIENCE = { timeout: 40_000, interval: 20 };

interface Node {
  readonly name: string;
  readonly process: NodeProcess;
}

let database: TestDatabase;
let step: HeldStep;
const nodes = new Map<string, Node>();
/** One device a unit and node, `unit@node`. */
const devices = new Map<string, Follower>();
/** Units that were ever sent: their devices are at every node from its start. */
const units = new Set<string>();
let started = 0;

async function startOne(): Promise<Node> {
  started += 1;
  const name = `n${started}`;
  const node = { name, process: await startNode(namedNode(database.config, name)) };
  nodes.set(name, node);
  for (const unit of units) await signIn(unit, node);
  return node;
}

async function kill(name: string): Promise<void> {
  const node = nodes.get(name)!;
  nodes.delete(name);
  for (const [device, follower] of devices) {
    if (!device.endsWith(`@${name}`)) continue;
    follower.stop();
    devices.delete(device);
  }
  await node.process.kill();
}

/** Signs in once, wherever it goes on: a session holds at every node. */
class RoamingClient extends Client {
  static readonly tokens = new Map<string, Promise<string>>();
  override token(account: string): Promise<string> {
    const token = RoamingClient.tokens.get(account) ?? super.token(account);
    RoamingClient.tokens.set(account, token);
    return token;
  }
}

const at = (node: Node) => ({ url: node.process.url, password: PASSWORD, patienceMs: 60_000 });
const clientOf = (node: Node) => new RoamingClient(at(node));

async function signIn(unit: string, node: Node): Promise<void> {
  units.add(unit);
  const follower = new Follower(clientOf(node), `unit.${unit}`);
  devices.set(`${unit}@${node.name}`, follower);
  await follower.start();
}

const logged = async (incident: string) =>
  (await database.db.pool.query('select verb, actor, version, payload from move where incident = $1 order by version', [incident])).rows;
const incidents = async (): Promise<string[]> => (await database.db.pool.query('select id from incident')).rows.map((r) => r.id);

/** Each step once, in order, and none by a person but the report. What the ladder says later may follow. */
async function proveSteps(incident: string): Promise<void> {
  const moves = await logged(incident);
  expect(moves.slice(0, STEPS.length).map((m) => m.verb)).toEqual(STEPS);
  expect(moves.map((m) => m.version)).toEqual(moves.map((_, i) => i + 1));
  expect(moves.filter((m) => m.actor !== 'system').map((m) => `${m.actor} ${m.verb}`)).toEqual([`${REPORTER} report`]);
  for (const verb of STEPS) expect(moves.filter((m) => m.verb === verb).length, verb).toBe(1);
}

/** Every unit that was sent rings on its device at each node that lives. @returns how many units. */
async function proveRinging(incident: string): Promise<number> {
  await expect.poll(async () => (await logged(incident)).map((m) => m.verb), PATIENCE).toContain('dispatch');
  const { payload } = (await logged(incident)).find((m) => m.verb === 'dispatch');
  const sent = payload.changed as { id: string; unit: string; role: string }[];
  expect(sent.map((a) => a.role)).toContain('lead');
  for (const { id, unit } of sent) {
    for (const node of nodes.values()) {
      if (!devices.has(`${unit}@${node.name}`)) await signIn(unit, node);
      const rang = () => devices.get(`${unit}@${node.name}`)!.rings.get(id) ?? 0;
      await expect.poll(rang, { ...PATIENCE, message: `${unit} rings at ${node.name}` }).toBeGreaterThan(0);
    }
  }
  return sent.length;
}

const reportAt = (node: Node) => clientOf(node).post(REPORTER, '/incidents', REPORT);

beforeAll(async () => {
  database = await openTestDatabase({ world: true });
  await loadDemoAccounts(database.db.kysely, await hashPassword(PASSWORD));
  step = await HeldStep.open(database.config);
  await startOne();
});
afterAll(async () => {
  for (const name of [...nodes.keys()]) await kill(name);
  await step.close();
  await database.drop();
});

it('特急 goes from the report to ringing units without a person', async () => {
  const [node] = nodes.values();
  const { status, body } = await reportAt(node!);
  expect(status).toBe(201);
  expect(await proveRinging(body.id)).toBeGreaterThan(1);
  await proveSteps(body.id);
  // Their devices are there now: the next one finds them.
  const next = await reportAt(node!);
  expect(devices.size).toBeGreaterThan(1);
  await proveRinging(next.body.id);
  await proveSteps(next.body.id);
}, 120_000);

/** A report that has no answer yet, perhaps because nobody is there to give it. */
interface Reporting {
  readonly answer: ReturnType<Client['post']>;
  /** From now on the same request goes there, with the same key. */
  goOnAt(node: Node): void;
}

/** Reports, and kills the process that wants to write this step at the moment of its write. */
async function killAt(verb: Step, written: boolean, asked: Node): Promise<Reporting> {
  const before = new Set(await incidents());
  const options = at(asked);
  const client = new RoamingClient(options);
  await client.token(REPORTER);
  await step.hold(verb);
  const answer = client.post(REPORTER, '/incidents', REPORT);
  const held = await step.waiting();
  await kill(held.node);
  await step.letGo(held, written);
  const now = (await incidents()).filter((id) => !before.has(id));
  const steps = now.length === 0 ? [] : (await logged(now[0]!)).map((m) => m.verb);
  const done = STEPS.indexOf(verb) + (written ? 1 : 0);
  // It died exactly there. Another node that lives may have gone on meanwhile.
  if (nodes.size === 0) expect(steps).toEqual(STEPS.slice(0, done));
  return { answer, goOnAt: (node) => void (options.url = node.process.url) };
}

const CASES = STEPS.flatMap((verb) => [
  { verb, written: false, when: `before ${verb} is written` },
  { verb, written: true, when: `after ${verb} is written and before anybody hears of it` },
]);

describe('特急 after kill -9', () => {
  it.each(CASES)(
    '$when: a new process goes on, and each step is there once',
    async ({ verb, written }) => {
      const [node] = nodes.values();
      const { answer, goOnAt } = await killAt(verb, written, node!);
      expect(nodes.size).toBe(0);
      const next = await startOne();
      goOnAt(next);
      const { status, body } = await answer;
      expect(status).toBe(201);
      await proveRinging(body.id);
      await proveSteps(body.id);
    },
    120_000,
  );

  it.each(CASES)(
    '$when: the other node takes over, and each step is there once',
    async ({ verb, written }) => {
      while (nodes.size < 2) await startOne();
      const [asked] = nodes.values();
      const { answer, goOnAt } = await killAt(verb, written, asked!);
      const [survivor] = nodes.values();
      goOnAt(survivor!);
      const { status, body } = await answer;
      expect(status).toBe(201);
      await proveRinging(body.id);
      await proveSteps(body.id);
    },
    120_000,
  );
});
