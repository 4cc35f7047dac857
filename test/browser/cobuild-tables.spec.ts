/** 共建 (co-building), tables: what was taken out is chosen again and brings nothing new; what came of it stands below the bar and can be closed. */
import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import type { Person } from './support/browser.ts';
import { pictured } from './support/pictures.ts';
import { useHouse } from './support/use-house.ts';

const stand = useHouse();
const people: Person[] = [];

afterAll(() => {
  for (const { troubles, strangers } of people) {
    expect(strangers).toEqual([]);
    // A table with faults is answered with 422, and the browser says so.
    expect(troubles.filter((one) => !one.includes('422'))).toEqual([]);
  }
});

async function at(account: string, part: string): Promise<Page> {
  const person = await stand.house.signIn(account, { device: 'desk', webGl: false });
  people.push(person);
  await person.page.goto(`${stand.service.url}/centre/?view=cobuild&part=${part}`);
  await person.page.getByRole('heading', { name: '共建', exact: true }).waitFor();
  return person.page;
}
/** Buttons of the bar stand on one line. */
async function oneLine(page: Page): Promise<void> {
  const tops = await page
    .locator('.cobuild-part .bar > .btn, .cobuild-part .bar > * > .btn')
    .evaluateAll((all) => all.filter((one) => !one.closest('.found')).map((one) => Math.round(one.getBoundingClientRect().top)));
  expect(tops.length).toBeGreaterThan(3);
  expect(new Set(tops).size).toBe(1);
}

describe('导入 (import)', () => {
  it.each(['agreements', 'resources', 'plans', 'committees', 'conferences', 'needs', 'projects', 'activities', 'leaders'])(
    '%s takes its own export, and has nothing new',
    async (part) => {
      const page = await at('district.441802', part);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 CSV' }).click()]);
      await page.locator('.import input[type=file], input[type=file][accept=".csv,.xlsx"]').setInputFiles(await download.path());
      await page.getByText('没有要新增的').waitFor();
      await pictured(page, `import-${part}`);
      await oneLine(page);
      await page.getByRole('button', { name: '关闭导入结果' }).click();
      await page.getByText('没有要新增的').waitFor({ state: 'detached' });
    },
  );

  it('a fault names the column as the table does, and a template can be had', async () => {
    const page = await at('district.441802', 'agreements');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '导入用的模板：表头和一行示例' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('agreements-template.xlsx');
    const file = { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('编码,委员会编码\r\nnew-1,ximentang\r\n') };
    await page.locator('input[type=file][accept=".csv,.xlsx"]').setInputFiles(file);
    await page.getByText('缺少列“承诺（英文）”').waitFor();
    expect(await page.getByText('commitment_en').count()).toBe(0);
    await pictured(page, 'import-faults');
    await oneLine(page);
  });
});
