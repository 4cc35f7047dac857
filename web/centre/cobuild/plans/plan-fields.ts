/** What is asked when something is added to the wall: a plan, a phase of one, a task of a phase; and how it goes to the service. */
import type { PlanLevel } from '../../../../src/cobuild/chain/plan.ts';
import { t } from '../../../shared/i18n.ts';
import { me } from '../../../shared/session.ts';
import { communities, communityShort, subdistrictName, subdistricts, unitName, units } from '../../names.ts';
import type { Choice, Field, Values } from '../fields.ts';
import type { PlanItem } from '../needs-types.ts';

/** @param above  null: nothing, it is a plan. */
export function levelBelow(above: PlanItem | null | undefined): PlanLevel {
  return !above ? 'plan' : above.level === 'plan' ? 'phase' : 'task';
}

/** Places inside the one above, the wider ones first. */
function places(above: PlanItem | null): readonly Choice[] {
  const district = String(me.value?.district ?? '');
  const all: Choice[] = [
    { value: district, label: t('centre.cobuild.wholeDistrict') },
    ...[...subdistricts.value.keys()].map((code) => ({ value: code, label: subdistrictName(code) })),
    ...[...communities.value.values()].map(({ code, subdistrict }) => ({
      value: code,
      label: `${subdistrictName(subdistrict)} · ${communityShort(code)}`,
    })),
  ];
  return all.filter(({ value }) => value.startsWith(above?.place ?? district));
}

export function fieldsFor(above: PlanItem | null, today: string): readonly Field[] {
  const level = levelBelow(above);
  const label = (name: string) => t(`centre.cobuild.plans.fields.${name}`);
  const within = above === null ? {} : { min: above.starts, max: above.ends };
  const days: readonly Field[] = [
    { kind: 'day', name: 'starts', label: label('starts'), value: above?.starts ?? today, ...within },
    { kind: 'day', name: 'ends', label: label('ends'), value: above?.ends ?? '', ...within },
  ];
  const counted: readonly Field[] = [
    { kind: 'number', name: 'target', label: label('target'), least: 1, most: 1_000_000 },
    { kind: 'line', name: 'measureZh', label: label('measure'), max: 40, hint: label('measureHint') },
  ];
  return [
    { kind: 'line', name: 'nameZh', label: label('name'), max: 100, wide: true },
    { kind: 'line', name: 'nameEn', label: label('nameEn'), max: 200, optional: true, wide: true },
    {
      kind: 'choice',
      name: 'place',
      label: label('place'),
      choices: places(above),
      value: above?.place ?? String(me.value?.district ?? ''),
    },
    {
      kind: 'choice',
      name: 'ownerUnit',
      label: label('owner'),
      choices: [...units.value.keys()].map((code) => ({ value: code, label: unitName(code) })),
      value: above?.ownerUnit ?? '',
    },
    ...days,
    // Plans and phases count their tasks.
    ...(level === 'task' ? counted : []),
  ];
}

/** @param key  the UUID of the request: sent again it means the same item, and people are not asked for a code. */
export function bodyOf(above: PlanItem | null, values: Values, key: string): object {
  const { nameZh, nameEn, target = 1, measureZh = '任务完成数', ...rest } = values as Record<string, string>;
  const level = levelBelow(above);
  const code = `${above?.code ?? 'plan'}-${key.slice(-6)}`;
  const measureEn = level === 'task' ? measureZh : 'tasks done';
  return {
    ...rest,
    nameZh,
    nameEn: nameEn?.trim() || nameZh,
    target: Number(target),
    measureZh,
    measureEn,
    code,
    level,
    parent: above?.code ?? null,
  };
}
