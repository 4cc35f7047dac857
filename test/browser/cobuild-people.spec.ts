/** 共建 (people and papers): a member is proposed and appointed, a conference is called and answered, a resolution closed, an agreement signed; certificate and agreement are printed. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import type { Person } from './support/browser.ts';
import { keptAt, pictured } from './support/pictures.ts';
import { useHouse } from './support/use-house.ts';

const FENGCHENG = 'subdistrict.441802006';
/** 西门塘社区, with a 大党委. */
const COMMUNITY = 'community.441802006020';

const stand = useHouse();
const people: Person[] = [];

afterAll(() => {
  for (const { troubles, strangers } of people) {
    expect(strangers).toEqual([]);
    expect(troubles).toEqual([]);
  }
});

async function at(account: string, part: string, device: 'desk' | 'phone' = 'desk'): Promise<Page> {
  const person = await stand.house.signIn(account, { device, webGl: false });
  people.push(person);
  await person.page.goto(`${stand.service.url}/centre/?view=cobuild&part=${part}`);
  await person.page.getByRole('heading', { name: '共建', exact: true }).waitFor();
  return person.page;
}
const panel = (page: Page, name: RegExp | string) => page.getByRole('complementary', { name });

/** What the printer gets: one page of A4. Its picture is kept where somebody asked for it. */
async function printed(page: Page, name: string): Promise<void> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const text = pdf.toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
  // A4 in points.
  expect(text).toMatch(/\/MediaBox\s*\[\s*0 0 59[45]\.\d+ 84[12]\.\d+\s*\]/);
  await page.emulateMedia({ media: 'print' });
  // On paper stands the paper, and nothing of the page behind it.
  expect(await page.locator('.print-sheet .paper').isVisible()).toBe(true);
  expect(await page.locator('#app').isVisible()).toBe(false);
  expect(await page.locator('.print-sheet .tools').isVisible()).toBe(false);
  const paper = keptAt(`${name}.pdf`);
  if (paper !== null) {
    writeFileSync(paper, pdf);
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 794, height: 1123 });
    await pictured(page, name);
    await page.setViewportSize(size);
  }
  await page.emulateMedia({ media: null });
}

describe('聘任 (appointment)', () => {
  it('the community proposes, the subdistrict appoints, the certificate is printed and anybody may check it', async () => {
    const community = await at(COMMUNITY, 'committees');
    await community.getByRole('button', { name: /西门塘社区大党委/ }).click();
    await community.getByRole('button', { name: '提名委员' }).click();
    const form = community.getByRole('form', { name: '提名委员' });
    // Sent too early it says what is missing.
    await form.getByRole('button', { name: '提名委员' }).click();
    await form.getByText('还没填：单位名称、单位英文名').waitFor();
    await form.getByLabel('单位名称').fill('演示·江滨诊所');
    await form.getByLabel('单位英文名').fill('Demo Riverside Clinic');
    await form.getByLabel('单位类别').selectOption('hospital');
    await form.getByLabel('姓名', { exact: true }).fill('演示·岳');
    await form.getByLabel('姓名拼音').fill('Demo Yue');
    await form.getByLabel('单位职务').fill('党支部书记');
    await form.getByLabel('职务英文').fill('Party branch secretary');
    await form.getByRole('button', { name: '提名委员' }).click();
    await panel(community, /西门塘/)
      .getByText('待聘任')
      .waitFor();
    // Who proposed does not appoint: there is no such button.
    expect(await community.getByRole('button', { name: '聘任', exact: true }).count()).toBe(0);

    const subdistrict = await at(FENGCHENG, 'committees');
    await subdistrict.getByRole('button', { name: /西门塘社区大党委/ }).click();
    const row = panel(subdistrict, /西门塘/)
      .getByRole('listitem')
      .filter({ hasText: '江滨诊所' });
    await row.getByRole('button', { name: '聘任', exact: true }).click();
    await row.getByRole('form').getByRole('button', { name: '聘任', exact: true }).click();
    await row.getByText('在任').waitFor();
    await pictured(subdistrict, 'committees');
    await row.getByRole('button', { name: '聘书' }).click();
    const paper = subdistrict.getByRole('dialog', { name: '聘书' });
    await paper.getByText('兹聘请演示·江滨诊所党支部书记为演示·西门塘社区大党委兼职委员').waitFor();
    await paper.getByRole('img', { name: '验证聘书的二维码' }).waitFor();
    await printed(subdistrict, 'certificate');

    // The address that the code says is the service's own answer to the paper.
    const { rows } = await stand.service.database.db.pool.query<{ number: string; key: string }>(
      `select number, check_key as key from certificate where member = 'ximentang-04'`,
    );
    const visitor = await stand.house.visitor({ device: 'phone' });
    people.push(visitor);
    const address = `${stand.service.url}/certificate/?${new URLSearchParams({ n: rows[0]!.number, k: rows[0]!.key }).toString()}`;
    await visitor.page.goto(address);
    await visitor.page.getByRole('heading', { name: '这份聘书有效' }).waitFor();
    await visitor.page.getByText('演示·江滨诊所').waitFor();
    expect(await visitor.page.getByText('演示·岳').count()).toBe(0);
    await pictured(visitor.page, 'check');
    await visitor.page.goto(address.slice(0, -4));
    await visitor.page.getByRole('heading', { name: '没有这份聘书' }).waitFor();
  });
});

describe('联席会商 (a conference)', () => {
  it('that was missing is set, its agenda edited and sent; a member answers', async () => {
    const office = await at('subdistrict.441802009', 'conferences');
    const missing = office.getByRole('listitem').filter({ hasText: '横荷街道大工委' });
    await missing.getByRole('button', { name: '排期' }).click();
    // In the quarter that misses it, and as far ahead as that goes.
    const inChina = new Date(Date.now() + 8 * 3_600_000);
    const lastDay = new Date(Date.UTC(inChina.getUTCFullYear(), Math.floor(inChina.getUTCMonth() / 3) * 3 + 3, 0));
    await missing.getByLabel('时间').fill(`${lastDay.toISOString().slice(0, 10)}T23:59`);
    await missing.getByLabel('地点', { exact: true }).fill('街道二楼会议室');
    await missing.getByRole('form').getByRole('button', { name: '排期' }).click();
    const one = panel(office, /横荷街道大工委/);
    await one.getByText('街道二楼会议室').waitFor();
    await one.getByRole('button', { name: '改议程' }).click();
    await one.getByPlaceholder('加一项议题').fill('春节前的值守安排');
    await one.getByRole('button', { name: '加一项' }).click();
    await one.getByRole('button', { name: '保存议程' }).click();
    await one.getByText('春节前的值守安排', { exact: true }).waitFor();
    await one.getByRole('button', { name: '发出议程' }).click();
    await one.getByText(/已通知/).waitFor();
    await pictured(office, 'conference');

    const member = await at('member.henghe-union-01', 'conferences', 'phone');
    await member.getByRole('button', { name: /横荷街道大工委/ }).click();
    const mine = panel(member, /横荷街道大工委/);
    await mine.getByRole('button', { name: '请假' }).click();
    await mine.getByText(/到会 0，请假 1/).waitFor();
    await mine.getByRole('button', { name: '到会' }).click();
    await mine.getByText(/到会 1，请假 0/).waitFor();
    await pictured(member, 'conference-phone');
    // It has been told: the invitation lies in its notices.
    await member.goto(`${stand.service.url}/centre/?view=notices`);
    await member.getByText('联席会商通知').first().waitFor();
  });

  it('what it resolved is closed with an outcome, and not without', async () => {
    const office = await at(FENGCHENG, 'conferences');
    await office
      .getByRole('button', { name: /凤城街道大工委/ })
      .first()
      .click();
    const one = panel(office, /凤城街道大工委/);
    const item = one.getByRole('listitem').filter({ hasText: '校门口护学岗' });
    await item.getByRole('button', { name: '办结' }).click();
    await item.getByRole('form').getByRole('button', { name: '办结' }).click();
    await item.getByText('还没填：办理结果').waitFor();
    await item.getByLabel('办理结果').fill('护学岗排满全学期');
    await item.getByRole('form').getByRole('button', { name: '办结' }).click();
    await item.getByText('已办结').waitFor();
    await pictured(office, 'resolutions');
    await one.getByRole('button', { name: '打印' }).click();
    const paper = office.getByRole('dialog', { name: '会议纪要' });
    await paper.getByText('演示·凤城街道大工委联席会商纪要').waitFor();
    await paper.getByText('护学岗排满全学期').waitFor();
    await printed(office, 'minutes');
  });
});

describe('协议共建 (an agreement)', () => {
  it('is offered, signed by the member unit, and printed', async () => {
    const office = await at(FENGCHENG, 'agreements');
    await office.getByRole('button', { name: '新签协议' }).click();
    const form = office.getByRole('form', { name: '新签协议' });
    await form.getByLabel('和谁签').selectOption({ label: '演示·凤城街道大工委 – 演示·凤城综合执法队' });
    await form.getByLabel('文明城市联创').check({ force: true });
    await form.getByLabel('承诺的事').fill('每月一次市容联合巡查');
    await form.getByRole('button', { name: '新签协议' }).click();
    const made = panel(office, /凤城综合执法队/);
    await made.getByText('待签', { exact: true }).waitFor();

    const member = await at('member.fengcheng-union-02', 'agreements', 'phone');
    await member.getByRole('button', { name: /每月一次市容联合巡查/ }).click();
    await panel(member, /凤城综合执法队/)
      .getByRole('button', { name: '签署' })
      .click();
    await panel(member, /凤城综合执法队/)
      .getByText('履行中')
      .first()
      .waitFor();

    await office.reload();
    await office.getByRole('button', { name: /每月一次市容联合巡查/ }).click();
    await pictured(office, 'agreements');
    await panel(office, /凤城综合执法队/)
      .getByRole('button', { name: '打印' })
      .click();
    await office.getByRole('dialog', { name: '共建共治协议书' }).getByText('每月一次市容联合巡查').waitFor();
    await printed(office, 'agreement');
  });

  it('linked leaders find what is late in their communities', async () => {
    const leader = await at('leader.fengcheng-04', 'leaders');
    await leader.getByText('西门塘', { exact: false }).first().waitFor();
    await pictured(leader, 'leaders');
  });
});

describe('a form (表单)', () => {
  it('that is closed by Esc closes alone, and what was typed into it is there until it is thrown away', async () => {
    const office = await at(FENGCHENG, 'conferences');
    const one = panel(office, /凤城街道大工委/);
    const open = () =>
      office
        .getByRole('button', { name: /凤城街道大工委/ })
        .first()
        .click();
    await open();
    const form = one.getByRole('form', { name: '更正纪要' });
    const minutes = form.getByLabel('会议纪要');
    const correct = () => one.getByRole('button', { name: '更正纪要' }).first().click();
    await correct();
    const before = await minutes.inputValue();
    await minutes.fill('到会 12 家，议定三件事');
    await minutes.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await one.isVisible()).toBe(true);
    await office.reload();
    await open();
    await correct();
    expect(await minutes.inputValue()).toBe('到会 12 家，议定三件事');
    await form.getByText('上次填的还在').waitFor();
    await form.getByRole('button', { name: '取消' }).click();
    await correct();
    expect(await minutes.inputValue()).toBe(before);
    await minutes.press('Escape');
    await form.waitFor({ state: 'detached' });
    await one.getByRole('heading').first().press('Escape');
    await one.waitFor({ state: 'detached' });
  });
});
