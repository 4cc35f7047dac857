/** 共建共治: a hard incident becomes a need, members claim it in halves, a venue and a unit assist, it is closed, and both sides appraise. */
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceAt } from '../cobuild/service.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { picturedInBoth } from './support/pictures.ts';
import { stepsOf } from './support/steps.ts';

/** 人行道破损: routine, so that no clock of it runs out here. */
const CATEGORY = 'C0299-01';
/** On duty round the clock, so that the hour of the test does not matter. */
const LEAD = 'fengcheng-governance';
const TITLE = '围挡和疏导人手';
const office = `subdistrict.${SUBDISTRICT}`;
const police = 'member.fengcheng-union-01';
/** No responding unit: it answers on its own page. */
const school = 'member.fengcheng-union-03';

let server: TestServer;
let house: House;
let service: ReturnType<typeof serviceAt>;
const people = new Map<string, Person>();
const step = stepsOf(people);
const page = (who: string): Page => people.get(who)!.page;
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
const button = (where: Page | Locator, name: string | RegExp) => where.getByRole('button', { name });
const row = (who: string) => page(who).locator('.need', { hasText: TITLE });

beforeAll(async () => {
  server = await startTestServer({ pages: true });
  service = serviceAt(server.url);
  house = await openHouse(server.url);
});
afterAll(async () => {
  await house?.close();
  await server?.stop();
});

it('难事变需求，认领，协办，结案，互评 (need, claims, assistants, closed, appraised)', async () => {
  const { rows } = await server.database.db.pool.query<{ day: string }>(`select (app_now() + interval '10 days')::date::text as day`);
  const made = await service.post(`grid.${CELL}`, '/incidents', {
    category: CATEGORY,
    description: '人行道塌了一片，放学时人多',
    position: { ...HERE, accuracyM: 6 },
  });
  const { id, number } = made.body;
  await service.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await service.move(office, id, { verb: 'accept' });
  await service.move(office, id, { verb: 'dispatch', lead: { unit: LEAD } });
  const assignmentOf = async (unit: string) =>
    (await service.get(office, `/incidents/${id}`)).assignments.findLast((one: { unit: string }) => one.unit === unit);

  await step('the office makes a need of the incident, from its drawer', async () => {
    people.set('office', await house.signIn(office, { device: 'desk', webGl: false }));
    const at = page('office');
    await at.goto(`${house.url}/centre/?incident=${id}&tab=dispatch`);
    await button(at, '转为需求').click();
    const form = at.getByRole('form', { name: '由这件事发布需求' });
    await form.locator('[name=committee]').selectOption('fengcheng-union');
    await form.locator('[name=titleZh]').fill(TITLE);
    await form.locator('[name=quantity]').fill('4');
    await form.locator('[name=unitZh]').fill('人');
    await form.locator('[name=due]').fill(rows[0]!.day);
    await button(form, '发布需求').click();
    await seen(row('office').getByText(`事件 ${number}`));
    await seen(row('office').getByText('还差 4 人'));
    await picturedInBoth(page('office'), 'needs-office');
  });

  await step('handed to the conference, it stands on the agenda of the coming one, drafted by itself', async () => {
    const [need] = (await service.get(office, `/needs?incident=${id}`)).items;
    expect(await service.post(office, `/needs/${need.code}/moves`, { verb: 'confer' })).toMatchObject({ status: 200 });
    const at = page('office');
    await at.goto(`${house.url}/centre/?view=cobuild&part=conferences`);
    await at.getByRole('group', { name: '季度' }).getByRole('button').last().click();
    await button(at, '排期').click();
    const form = at.getByRole('form', { name: /^排.+会商$/ });
    await form.locator('[name=committee]').selectOption('fengcheng-union');
    await form.locator('[name=venueZh]').fill('街道三楼会议室');
    await button(form, '排期').click();
    await seen(at.getByRole('complementary').getByText(TITLE));
    await picturedInBoth(page('office'), 'agenda');
    await at.goto(`${house.url}/centre/?view=cobuild&part=needs`);
    await seen(row('office').getByText('已转会商'));
  });

  await step('a member unit claims half, another the rest; more than is left is refused with what is left', async () => {
    people.set('police', await house.signIn(police, { device: 'desk', webGl: false }));
    people.set('school', await house.signIn(school, { device: 'phone', webGl: false }));
    for (const who of ['police', 'school']) await page(who).goto(`${house.url}/centre/?view=cobuild&part=needs`);
    const field = (who: string) => row(who).getByRole('spinbutton');
    await seen(field('school'));
    await picturedInBoth(page('police'), 'needs-member');
    await field('police').fill('2');
    await button(row('police'), '认领').click();
    await seen(row('police').getByText('认领 2 人'));
    await picturedInBoth(page('police'), 'claim-sure');
    await button(row('police'), '确认认领').click();
    await seen(row('police').getByText('还差 2 人'));
    // The other page still shows four: whoever is late is told what is left, and the field offers it.
    await field('school').fill('3');
    await button(row('school'), '认领').click();
    await button(row('school'), '确认认领').click();
    await seen(row('school').getByText('还差 2 人'));
    await field('school').fill('2');
    await button(row('school'), '认领').click();
    await button(row('school'), '确认认领').click();
    await seen(row('school').getByText('已认满'));
    await picturedInBoth(page('school'), 'needs-phone');
  });

  await step('both join the incident as assistants; the body that is no unit answers on its own page', async () => {
    await expect.poll(async () => (await assignmentOf('fengcheng-police'))?.state, { timeout: 20_000 }).toBe('assigned');
    const at = page('school');
    await expect.poll(async () => (await assignmentOf('fengcheng-union-03'))?.state, { timeout: 20_000 }).toBe('assigned');
    await at.reload();
    const card = at.locator('.assists li', { hasText: number });
    await button(card, '签收，出发').click();
    await button(card, '我已到场').click();
    await seen(button(card, '协办完成'));
    await picturedInBoth(page('school'), 'assist-phone');
    expect(await assignmentOf('fengcheng-union-03')).toMatchObject({ role: 'assist', state: 'onScene' });
  });

  await step('a resource that may be called joins at once, a venue when its owner agrees', async () => {
    const at = page('office');
    await at.goto(`${house.url}/centre/?incident=${id}&tab=dispatch`);
    for (const resource of ['res-03', 'res-01']) {
      await button(at, '调用资源').click();
      const form = at.getByRole('form', { name: '调用资源' });
      await form.locator('[name=resource]').selectOption(resource);
      await button(form, '调用资源').click();
      await form.waitFor({ state: 'detached' });
    }
    await expect.poll(async () => (await assignmentOf('res-03'))?.state, { timeout: 20_000 }).toBe('assigned');
    expect(await assignmentOf('res-01')).toBeUndefined();
    await page('school').goto(`${house.url}/centre/?view=cobuild&part=resources&resource=res-01`);
    await button(page('school'), '同意').click();
    await seen(page('school').locator('.panel .tag', { hasText: '已约定' }));
    await picturedInBoth(page('school'), 'resource-week');
    await expect.poll(async () => (await assignmentOf('res-01'))?.role, { timeout: 20_000 }).toBe('assist');
  });

  await step('all finish, the check closes it, and the need ends with it: what was done is confirmed', async () => {
    const act = async (unit: string, ...verbs: string[]) => {
      for (const verb of verbs) {
        const { id: assignment } = await assignmentOf(unit);
        expect(await service.move(`unit.${unit}`, id, { verb, assignment }), `${unit} ${verb}`).toMatchObject({ status: 200 });
      }
    };
    await act(LEAD, 'acknowledge', 'arrive');
    await act('fengcheng-police', 'acknowledge', 'arrive', 'finish');
    for (const [member, resource] of [
      ['member.fengcheng-union-05', 'res-03'],
      [school, 'res-01'],
    ] as const) {
      const { id: assignment } = await assignmentOf(resource);
      for (const verb of ['acknowledge', 'arrive', 'finish']) {
        expect(await service.post(member, `/assists/${assignment}/moves`, { verb }), verb).toMatchObject({ status: 200 });
      }
    }
    await page('school').goto(`${house.url}/centre/?view=cobuild&part=needs`);
    await button(page('school').locator('.assists li', { hasText: number }), '协办完成').click();
    await expect.poll(async () => (await assignmentOf('fengcheng-union-03'))?.state, { timeout: 20_000 }).toBe('finished');
    const need = async () => (await service.get(office, `/needs?incident=${id}`)).items[0];
    await expect
      .poll(async () => (await need()).claims.map((one: { state: string }) => one.state), { timeout: 20_000 })
      .toEqual(['delivered', 'delivered']);
    await act(LEAD, 'finish');
    await service.move(office, id, { verb: 'assignCheck', checker: `grid.${CELL}` });
    await service.move(`community.${COMMUNITY}`, id, { verb: 'confirmClose' });
    await expect.poll(async () => (await need()).confirmed, { timeout: 20_000 }).toBe(4);
    const at = page('office');
    await at.goto(`${house.url}/centre/?view=cobuild&part=needs`);
    await button(at, /^已结束/).click();
    await row('office').locator('.title').click();
    await seen(at.locator('.panel .tag', { hasText: '已确认' }));
    await picturedInBoth(page('office'), 'need-panel');
  });

  await step('both sides appraise: blind until both are in, with the facts beside', async () => {
    const appraise = async (who: string, write: string) => {
      const at = page(who);
      await button(at, write).click();
      const form = at.getByRole('form', { name: write });
      for (const line of await form.locator('fieldset').all()) await line.getByText('4', { exact: true }).click();
      await picturedInBoth(page(who), `appraise-${who}`);
      await button(form, '提交评议').click();
      await form.waitFor({ state: 'detached' });
    };
    const at = page('office');
    await at.goto(`${house.url}/centre/?view=cobuild&part=appraisals`);
    await at.locator('.rows button', { hasText: '凤城派出所' }).click();
    await appraise('office', '评这个单位');
    await page('police').goto(`${house.url}/centre/?view=cobuild&part=appraisals`);
    await seen(page('police').getByText('已交，双方都交后公开'));
    // A member's own row opens by itself, once: closed it stays closed.
    await page('police').locator('.panel h2').press('Escape');
    await page('police').locator('.panel').waitFor({ state: 'detached' });
    await page('police').locator('.rows button', { hasText: '凤城派出所' }).click();
    await appraise('police', '评街道社区');
    await seen(page('police').locator('.panel').getByText('4.0 分'));
    await at.reload();
    await at.locator('.rows button', { hasText: '凤城派出所' }).click();
    expect(await at.locator('.panel').getByText('4.0 分').count()).toBe(2);
    await picturedInBoth(page('office'), 'appraisals');
  });

  await step('an office lists what a member lends, and changes it', async () => {
    const at = page('office');
    await at.goto(`${house.url}/centre/?view=cobuild&part=resources`);
    await button(at, '登记资源').click();
    const form = at.getByRole('form', { name: '登记资源' });
    await form.locator('[name=member]').selectOption('fengcheng-union-01');
    await form.locator('[name=nameZh]').fill('演示·铁马护栏');
    await form.locator('[name=kind]').selectOption('equipment');
    await form.locator('[name=community]').selectOption(COMMUNITY);
    await form.locator('[name=unitZh]').fill('件');
    await form.locator('[name=quantity]').fill('20');
    await form.locator('[name=opens]').fill('00:00');
    await form.locator('[name=closes]').fill('00:00');
    await picturedInBoth(page('office'), 'resource-form');
    await button(form, '登记资源').click();
    const panel = at.getByRole('complementary', { name: '演示·铁马护栏' });
    await seen(panel.getByText('每天 00:00-24:00'));
    await button(panel, '改数量和时间').click();
    await panel.locator('[name=quantity]').fill('30');
    await button(panel.getByRole('form'), '改数量和时间').click();
    await seen(panel.getByText('30 件'));
  });

  await step('the district adds a task to a phase of the wall, and takes it off again', async () => {
    people.set('district', await house.signIn('district.441802', { device: 'desk', webGl: false }));
    const at = page('district');
    await at.goto(`${house.url}/centre/?view=cobuild&part=plans`);
    const phase = at.locator('.phase').last();
    await button(phase, '加任务').click();
    const form = at.getByRole('form', { name: /^加任务/ });
    await form.locator('[name=nameZh]').fill('演示·春节前排查');
    await form.locator('[name=ownerUnit]').selectOption(LEAD);
    await form.locator('[name=place]').selectOption(SUBDISTRICT);
    await form.locator('[name=target]').fill('12');
    await form.locator('[name=measureZh]').fill('处');
    await picturedInBoth(page('district'), 'plan-form');
    await button(form, '加任务').click();
    const task = phase.getByRole('listitem').filter({ hasText: '演示·春节前排查' });
    await seen(task.getByText('0/12 处'));
    await button(task, '撤下').click();
    await button(task.getByRole('form'), '撤下').click();
    await task.waitFor({ state: 'detached' });
  });

  await step('plans, projects and activities are there', async () => {
    const at = page('office');
    for (const part of ['plans', 'projects', 'activities', 'resources']) {
      await at.goto(`${house.url}/centre/?view=cobuild&part=${part}`);
      await seen(at.locator('.cobuild-part h2'));
      await picturedInBoth(page('office'), part);
    }
  });

  // The refusal above is one that a browser writes down.
  const unexpected = (troubles: readonly string[]) => troubles.filter((trouble) => !/\b409\b/.test(trouble));
  for (const [who, { troubles, strangers }] of people) expect([who, unexpected(troubles), strangers]).toEqual([who, [], []]);
});
