/** What a rule is about, in words: category, area, ownership. */
import { OWNERSHIPS, type Ownership, type TargetKind } from '../../../src/grid/responsibility.ts';
import { locale, t } from '../../shared/i18n.ts';
import type { Category } from '../../shared/types.ts';
import { categories, categoryName, communities, communityName, conditionOf, subdistrictName } from '../names.ts';

/** What the category list answers beyond the shared type. */
type ListedCategory = Category & { readonly category?: string; readonly classZh?: string; readonly classEn?: string };

export interface Target {
  readonly code: string;
  readonly name: string;
}

const rows = () => [...categories.value.values()] as ListedCategory[];
const categoryOf = (row: ListedCategory) => row.category ?? row.code.split('-')[0]!;

/** Everything that a rule of this kind can be about, in order of code. */
export function targetsOf(kind: TargetKind): Target[] {
  const found = new Map<string, string>();
  for (const row of rows()) {
    const category = categoryOf(row);
    const code = kind === 'row' ? row.code : kind === 'category' ? category : category.slice(0, 3);
    if (found.has(code)) continue;
    const className = (locale.value === 'en' ? row.classEn : row.classZh) ?? '';
    found.set(
      code,
      kind === 'class' ? className : kind === 'row' ? `${categoryName(row.code)} · ${conditionOf(row.code)}` : categoryName(row.code),
    );
  }
  return [...found].map(([code, name]) => ({ code, name })).sort((a, b) => (a.code < b.code ? -1 : 1));
}

export function targetName(kind: TargetKind, code: string): string {
  const row = rows().find((r) => (kind === 'row' ? r.code : kind === 'category' ? categoryOf(r) : categoryOf(r).slice(0, 3)) === code);
  if (!row) return code;
  if (kind === 'class') return `${(locale.value === 'en' ? row.classEn : row.classZh) ?? code}（${t('centre.responsibility.kind.class')}）`;
  return kind === 'row' ? `${categoryName(row.code)} · ${conditionOf(row.code)}` : categoryName(row.code);
}

export function areaName(code: string): string {
  if (code.length === 6) return t('centre.responsibility.whole');
  if (code.length === 9) return subdistrictName(code);
  return `${subdistrictName(communities.value.get(code)?.subdistrict ?? code.slice(0, 9))} ${communityName(code)}`;
}

export function ownershipName(code: Ownership | null): string {
  const row = OWNERSHIPS.find((o) => o.code === code);
  if (!row) return t('centre.sending.anyOwnership');
  return locale.value === 'en' ? row.en : row.zh;
}
