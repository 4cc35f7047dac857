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

/** What somebody typed: without what is still as the form began. */
export function typedIn(fields: readonly Field[], values: Values): Values {
  const start = startOf(fields);
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(start[name])));
}

/** How a form begins when something was typed into it before: that is put over what it begins with now, as far as it still can be answered. */
export function resumed(fields: readonly Field[], typed: Values): Record<string, string | number | string[]> {
  const values = startOf(fields);
  for (const field of fields) {
    const value = typed[field.name];
    if (value !== undefined && isAnswer(field, value)) values[field.name] = value as string | number | string[];
  }
  return values;
}

function isAnswer(field: Field, value: Values[string]): boolean {
  const offered = (one: string) => 'choices' in field && field.choices.some((choice) => choice.value === one);
  if (field.kind === 'several') return Array.isArray(value) && value.every((one) => offered(one as string));
  if (field.kind === 'choice') return typeof value === 'string' && (offered(value) || (value === '' && field.optional === true));
  // A field for a number gives '' while there is none in it.
  return field.kind === 'number' ? typeof value === 'number' || value === '' : typeof value === 'string';
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
