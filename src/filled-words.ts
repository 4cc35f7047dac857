/** Words of refusals with what stands in the way filled in. Pure. */

/** What stands in the way is named in the words: `{hours}` by `about.hours`. Where nothing is, as in the docs, an ellipsis. */
export function filledWith(text: string, about: unknown): string {
  const values = (about ?? {}) as Readonly<Record<string, unknown>>;
  return text.replace(/\{([a-z]+)\}/gi, (_, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : '…'));
}
