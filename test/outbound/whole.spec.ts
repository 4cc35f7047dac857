/** 从派遣到关着的手机 (from the dispatch to a phone whose page is closed): the whole product over HTTP, with a push service beside it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outside, type Outside } from '../browser/support/outside.ts';
import { PASSWORD, startTestServer, type TestServer } from '../support/server.ts';
import { PushService } from '../support/push-service.ts';

const UNIT = 'fengcheng-enforcement';
const HERE = { lng: 113.0008, lat: 23.6795, accuracyM: 6 };
let product: TestServer;
let at: Outside;
let service: PushService;

beforeAll(async () => {
  product = await startTestServer({ pushAnywhere: true });
  at = outside(product.url);
  service = await PushService.start((await at.get(`unit.${UNIT}`, '/push/key')).publicKey);
});
afterAll(async () => {
  await product?.stop();
  await service?.stop();
});

const ask = async (token: string, method: string, path: string, body?: object) => {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
  return fetch(`${product.url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
};
async function signIn(account: string): Promise<string> {
  const body = JSON.stringify({ account, password: PASSWORD });
  const answer = await fetch(`${product.url}/api/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await answer.json()) as { token: string }).token;
}

it('rings, falls silent with the answer, stands in the evidence, and ends with the session', async () => {
  const token = await signIn(`unit.${UNIT}`);
  const phone = service.browser('phone');
  expect((await ask(token, 'POST', '/push/subscriptions', { ...phone.subscription, locale: 'en' })).status).toBe(201);

  const { id } = await at.report('grid.441802006001001', { category: 'C0102-02', description: '井盖翻起', position: HERE, level: 'R2' });
  await at.move('community.441802006001', id, { verb: 'call' });
  await at.move('subdistrict.441802006', id, { verb: 'accept' });
  const { assignments } = await at.move('district.441802', id, { verb: 'dispatch', level: 'R2', note: '露天井口', lead: { unit: UNIT } });
  const ring = await phone.next();
  expect(ring.message).toMatchObject({ type: 'ring', lang: 'en', level: 'R2', incident: id, assignment: assignments[0].id });
  expect(JSON.stringify(ring.message)).not.toMatch(/\p{Script=Han}|grid\.|unit\./u);
  await ask(token, 'POST', '/push/receipts', { id: ring.message.id, stage: 'shown' });

  await at.move(`unit.${UNIT}`, id, { verb: 'acknowledge', assignment: assignments[0].id });
  expect((await phone.next()).message).toMatchObject({ type: 'quiet', why: 'answered' });
  const evidence = async () =>
    (await at.get('district.441802', `/incidents/${id}/pushes`)).items.filter((p: { channel: string }) => p.channel === 'webpush');
  await expect.poll(async () => (await evidence())[0]?.outcome).toBe('quieted');
  expect(await evidence()).toMatchObject([
    { kind: 'ring', unit: UNIT, rings: 1, status: 201, shownAt: expect.any(String), stoppedBy: 'acknowledged' },
  ]);

  expect((await ask(token, 'DELETE', '/sessions/current')).status).toBe(204);
  await expect
    .poll(async () => (await product.database.db.pool.query('select from push_subscription where ended_at is null')).rowCount)
    .toBe(0);
  expect(service.faults).toEqual([]);
});

it('says its key to who is signed in only, and never the secret one', async () => {
  expect((await fetch(`${product.url}/api/v1/push/key`)).status).toBe(401);
  const { rows } = await product.database.db.pool.query<{ private_key: string }>('select private_key from push_key');
  const spec = await (await fetch(`${product.url}/openapi.json`)).text();
  const answer = JSON.stringify(await at.get(`unit.${UNIT}`, '/push/key'));
  expect(rows).toHaveLength(1);
  for (const said of [spec, answer]) expect(said).not.toContain(rows[0]!.private_key);
});

it('is not made to call a machine of the house', async () => {
  const closed = await startTestServer();
  try {
    const { body } = await (async () => {
      const answer = await fetch(`${closed.url}/api/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: `unit.${UNIT}`, password: PASSWORD }),
      });
      return { body: (await answer.json()) as { token: string } };
    })();
    for (const endpoint of [`${service.origin}/push/x`, 'https://127.0.0.1/x', 'https://169.254.169.254/latest', 'https://localhost/x']) {
      const answer = await fetch(`${closed.url}/api/v1/push/subscriptions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...service.browser('x').subscription, endpoint }),
      });
      expect(answer.status, endpoint).toBe(422);
      expect(await answer.json()).toMatchObject({ code: 'push-endpoint-refused' });
    }
  } finally {
    await closed.stop();
  }
});
