/** An agreement as an office files it: its number, and the name of what it became. */
import { api } from '../../../shared/api.ts';
import { titleOf } from '../../../shared/cobuild/words.ts';
import { locale, nameOf } from '../../../shared/i18n.ts';
import type { Need } from '../../../shared/cobuild/types.ts';
import type { Resource } from '../needs-types.ts';
import type { Agreement } from '../types.ts';

/** 共建协议〔2025〕2号 of `agr-02`, as papers of an office are numbered, by the year in which it begins; a code of another form is its own number. */
export function agreementNumber({ code, from }: Pick<Agreement, 'code' | 'from'>): string {
  const number = /^agr-(\d+)$/.exec(code)?.[1];
  if (number === undefined) return code;
  const year = from.slice(0, 4);
  return locale.value === 'en' ? `${year}-${Number(number)}` : `共建协议〔${year}〕${Number(number)}号`;
}

/** @returns null where the caller does not see it, or it is no longer there. */
export async function nameOfWhatItBecame({ becomes }: Pick<Agreement, 'becomes'>): Promise<(() => string) | null> {
  if (becomes === null) return null;
  if (becomes.kind === 'need') {
    const need = await api.get<Need>(`/needs/${becomes.code}`).catch(() => null);
    return need && (() => titleOf(need));
  }
  const { items } = await api.get<{ items: readonly Resource[] }>('/resources');
  const resource = items.find((one) => one.code === becomes.code);
  return resource === undefined ? null : () => nameOf(resource);
}
