/** A form as data: what is asked, how, and whether it may be left out. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Common {
  readonly name: string;
  readonly label: string;
  /** May be left empty. */
  readonly optional?: boolean;
  readonly hint?: string;
  /** Over the whole width. */
  readonly wide?: boolean;
}

export type Field =
  | (Common & { readonly kind: 'line' | 'lines'; readonly max: number; readonly value?: string })
  | (Common & { readonly kind: 'day'; readonly value?: string; readonly min?: string; readonly max?: string })
  | (Common & { readonly kind: 'moment'; readonly value?: string })
  | (Common & { readonly kind: 'clock'; readonly value?: string })
  | (Common & { readonly kind: 'number'; readonly value?: number; readonly least: number; readonly most: number })
  | (Common & { readonly kind: 'choice'; readonly choices: readonly Choice[]; readonly value?: string })
  | (Common & { readonly kind: 'several'; readonly choices: readonly Choice[]; readonly value?: readonly string[] });

export type Values = Readonly<Record<string, string | number | readonly string[]>>;

/** What a form begins with. */
export function startOf(fields: readonly Field[]): Record<string, string | number | string[]> {
  return Object.fromEntries(
    fields.map((field): [string, string | number | string[]] => {
      if (field.kind === 'several') return [field.name, [...(field.value ?? [])]];
      if (field.kind === 'number') return [field.name, field.value ?? field.least];
      return [field.name, field.value ?? ''];
    }),
  );
}

/** Labels of what is still to be filled in. */
export function missingIn(fields: readonly Field[], values: Values): string[] {
  return fields.filter((field) => !field.optional && isEmpty(values[field.name])).map((field) => field.label);
}

function isEmpty(value: Values[string] | undefined): boolean {
  if (value === undefined) return true;
  return typeof value === 'number' ? !Number.isFinite(value) : typeof value === 'string' ? value.trim() === '' : value.length === 0;
}

/** Without what was left empty. */
export function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
}
