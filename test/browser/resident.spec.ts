/** 居民 (a resident): reports without an account, staff settle it, the code is scanned, the answer is there, and the rating reaches the centre. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { photo } from './support/photo.ts';
import { picturedInBoth } from './support/pictures.ts';

const WORDS = '路口坑很深，下雨看不见';
const SAID = '补得很平，谢谢';

let service: TestServer;
let house: House;
let behind: Outside;
const people: Person[] = [];
const phone = async () => {
  const person = await house.visitor({ device: 'phone' });
  people.push(person);
  return person.page;
};

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  behind = outside(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

it('路上的坑 (a hole in the road): reported, settled, scanned, rated, seen at the centre', async () => {
  // ---- a resident reports ----
  const resident = await phone();
  await resident.goto(`${service.url}/r/`);
  await resident.getByRole('link', { name: '我来报一件事' }).click();
  await resident.getByRole('heading', { name: '我来报' }).waitFor();
  await resident.getByRole('button', { name: '报上去' }).click();
  await resident.getByText('写一句是什么事').waitFor();
  await resident.getByLabel('什么事').fill(WORDS);
  await resident.locator('input[type=file]').setInputFiles(await photo());
  await resident.getByText('路面破损').click();
  await resident.getByRole('button', { name: '报上去' }).click();
  await resident.getByText('选一下在哪里').waitFor();
  await resident.getByRole('button', { name: '用我现在的位置' }).click();
  await resident.getByText('误差 6 米').waitFor();
  await resident.getByLabel('具体位置').fill('公交站旁');
  await resident.getByRole('button', { name: '报上去' }).click();
  await resident.getByRole('heading', { name: '收到了，谢谢' }).waitFor();
  await resident.getByRole('img', { name: '查进度的二维码' }).waitFor();
  const number = (await resident.locator('dd.number').textContent())!;
  await resident.getByRole('button', { name: '看办到哪了' }).click();
  await resident.getByRole('heading', { name: '收到了' }).waitFor();
  expect(await resident.locator('.rate').count()).toBe(0);

  // ---- staff settle it ----
  const found = (await behind.get(`community.${COMMUNITY}`, `/incidents?q=${number}`)).items[0];
  expect(found).toMatchObject({ category: 'E0113-02', reportedBy: 'resident', cell: CELL });
  expect(found.position.lng).toBeCloseTo(HERE.lng, 5);
  const { id } = found;
  await behind.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  const sent = await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'dispatch', lead: { unit: 'north-drainage' } });
  const assignment = sent.assignments[0].id;
  for (const verb of ['acknowledge', 'arrive', 'finish']) await behind.move('unit.north-drainage', id, { verb, assignment });
  await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'acceptEvidence' });

  // ---- the grid worker holds out the code ----
  const worker = await house.signIn(`grid.${CELL}`, { device: 'phone' });
  people.push(worker);
  await worker.page.goto(`${service.url}/field/#/incident/${id}`);
  await worker.page.getByRole('button', { name: '给居民看' }).click();
  await worker.page.getByRole('img', { name: `${number} 的居民二维码` }).waitFor();
  await worker.page.getByText(`${new URL(service.url).host}/r/`).waitFor();

  // ---- a neighbour scans it ----
  const { link } = await behind.get(`grid.${CELL}`, `/incidents/${id}/residents`);
  const neighbour = await phone();
  await neighbour.goto(`${service.url}${link.path}`);
  await neighbour.getByRole('heading', { name: '办好了' }).waitFor();
  const shown = (await neighbour.locator('main').textContent())!;
  for (const secret of [WORDS, '公交站旁', '北部排水', 'north-drainage', CELL]) expect(shown).not.toContain(secret);
  await neighbour.getByRole('img', { name: '处理之前的照片' }).waitFor();
  await expect.poll(() => neighbour.evaluate<number>("document.querySelector('main img').naturalWidth")).toBe(320);
  await neighbour.getByText('满意', { exact: true }).click();
  await neighbour.getByLabel('想说的话').fill(SAID);
  await neighbour.getByRole('button', { name: '提交评价' }).click();
  await neighbour.getByText('谢谢，记下了').waitFor();
  // The button that was pressed is gone: the focus is on what came of it, and that is read out.
  await expect.poll(() => neighbour.evaluate<string>("document.activeElement?.textContent ?? ''")).toMatch(/^谢谢，记下了/);
  await neighbour.getByRole('button', { name: '改评价' }).click();
  await expect.poll(() => neighbour.evaluate<string>("document.activeElement?.getAttribute('name') ?? ''")).toBe('score');

  // ---- who reported it comes later: it is rated, and only the neighbour's phone may change that ----
  await resident.reload();
  await resident.getByText('已评：满意').waitFor();
  expect(await resident.getByRole('button', { name: '改评价' }).count()).toBe(0);
  await neighbour.reload();
  await neighbour.getByRole('button', { name: '改评价' }).waitFor();

  // ---- the centre sees it ----
  const office = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  people.push(office);
  await office.page.goto(`${service.url}/centre/?incident=${id}`);
  const part = office.page.locator('.residents');
  await part.getByText('满意').waitFor();
  expect(await part.textContent()).toContain(SAID);
  expect(await part.textContent()).toContain('居民网上报的');

  // ---- and has a slip for the door ----
  await office.page.evaluate('window.print = () => {}');
  await part.getByRole('button', { name: '打印单子' }).click();
  await office.page.locator('.resident-slip svg[role=img]').waitFor({ state: 'attached' });
  const slip = (await office.page.locator('.resident-slip').textContent())!;
  const typed = link.code.match(/.{4}/g).join(' ');
  for (const words of [number, `${new URL(service.url).host}/r/`, typed]) expect(slip).toContain(words);
  for (const secret of [WORDS, '公交站旁', '北部排水', CELL]) expect(slip).not.toContain(secret);
  const pdf = (await office.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  // One sheet of A6 (105 mm × 148 mm), in points.
  expect([...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 (\d+)\S* (\d+)\S*\s*\]/g)].map((box) => [box[1], box[2]])).toEqual([['298', '420']]);

  // ---- whoever cannot scan types what is on it ----
  const typing = await phone();
  await typing.goto(`${service.url}/r/`);
  await typing.getByLabel('编号').fill(number);
  await typing.getByLabel('评价码').fill(typed);
  await typing.getByRole('button', { name: '查一下' }).click();
  await typing.getByText('已评：满意').waitFor();

  for (const { troubles, strangers } of people) {
    expect(troubles).toEqual([]);
    expect(strangers).toEqual([]);
  }
});

it('says what to do where there is nothing to show: no such number, no network, too much', async () => {
  const { page, context } = await house.visitor({ device: 'phone' });
  await page.goto(`${service.url}/r/20200101-0001`);
  await page.getByRole('heading', { name: '没有这个编号' }).waitFor();
  await page.getByRole('button', { name: '查另一件' }).click();
  await page.getByLabel('编号').fill('12');
  await page.getByRole('button', { name: '查一下' }).click();
  await page.getByText('编号是 8 位日期加 4 位数').waitFor();
  await page.getByLabel('编号').fill('２０２００１０１ ０００２');
  await context.setOffline(true);
  await page.getByRole('button', { name: '查一下' }).click();
  await page.getByRole('heading', { name: '没有网络' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: '没有这个编号' }).waitFor();
  await page.route('**/api/v1/public/**', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'retry-after': '40' },
      contentType: 'application/problem+json',
      body: '{"code":"too-many-requests"}',
    }),
  );
  await page.reload();
  await page.getByRole('heading', { name: '看得太快了' }).waitFor();
  await page.getByText('40 秒后再试').waitFor();
  await context.close();
});

it('身边的活动 (activities): signs up without an account, is seen by who holds it, and withdraws from the same phone', async () => {
  const { page, context } = await house.visitor({ device: 'phone' });
  await page.goto(`${service.url}/r/`);
  await page.getByRole('link', { name: '身边的活动' }).click();
  const card = page.getByRole('listitem').filter({ hasText: '演示·江滨便民服务日' });
  await card.getByText('还有 120 个名额').waitFor();
  await card.getByRole('button', { name: '报名' }).click();
  await card.getByRole('button', { name: '报上名' }).click();
  await card.getByText('写一下怎么称呼').waitFor();
  await card.getByLabel('怎么称呼').fill('李阿姨');
  await card.getByLabel('电话').fill('123');
  await card.getByRole('button', { name: '报上名' }).click();
  await card.getByText('写 11 位手机号').waitFor();
  await card.getByLabel('电话').fill('13800000000');
  await card.getByLabel('几个人来').selectOption('3');
  await picturedInBoth(page, 'activities-form', true);
  await card.getByRole('button', { name: '报上名' }).click();
  await card.getByText('已报名 3 人').waitFor();
  const [signedUp] = (await behind.get('subdistrict.441802006', '/activities/act-01/sign-ups')).items;
  expect(signedUp).toMatchObject({ name: '李阿姨', people: 3 });

  // It comes again, from the same phone: still signed up, and it may say that it does not come.
  await page.reload();
  await card.getByText('已报名 3 人').waitFor();
  await picturedInBoth(page, 'activities', true);
  await card.getByRole('button', { name: '不去了' }).click();
  await card.getByText('还有 120 个名额').waitFor();
  expect((await behind.get('subdistrict.441802006', '/activities/act-01/sign-ups')).items).toEqual([]);
  await context.close();
});

it('is turned on and off at the centre', async () => {
  const office = await house.signIn('district.441802', { device: 'desk', webGl: false });
  await office.page.goto(`${service.url}/centre/?view=settings`);
  await office.page.getByRole('tab', { name: '居民' }).click();
  const reports = office.page.getByRole('switch', { name: '居民可以网上报' });
  expect(await reports.getAttribute('aria-checked')).toBe('true');
  await reports.click();
  await office.page.getByText('已保存，全部节点已生效').waitFor();
  const { page, context } = await house.visitor({ device: 'phone' });
  await page.goto(`${service.url}/r/report`);
  await page.getByRole('heading', { name: '这里还不能网上报' }).waitFor();
  await context.close();
  await office.page.getByRole('tab', { name: '改动记录' }).click();
  await office.page.getByText('居民可以网上报').waitFor();
  await office.context.close();
});
