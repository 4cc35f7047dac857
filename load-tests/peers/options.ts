/** What the command line may say. */
import { parseArgs } from 'node:util';

export const PARTS = ['transitions', 'push-on', 'size', 'push', 'deadlines', 'whole', 'where'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly parts: readonly Part[];
  /** Short rounds and small numbers: to see that it works, not to compare. */
  readonly quick: boolean;
  /** Also with ten million incidents, which take half an hour to fill. */
  readonly tenMillion: boolean;
  /** Where the table goes; `peers-<date>.md` and `.json` in it. */
  readonly outDir: string;
}

/** @throws Error with a sentence for whoever typed it. */
export function readOptions(args: readonly string[], outDir: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: PARTS.join(',') },
      quick: { type: 'boolean', default: false },
      'ten-million': { type: 'boolean', default: false },
      out: { type: 'string', default: outDir },
    },
  });
  const parts = values.only.split(',').map((name) => {
    const part = PARTS.find((p) => p === name.trim());
    if (part === undefined) throw new Error(`--only ${name}: no such part. There are ${PARTS.join(', ')}.`);
    return part;
  });
  return { parts, quick: values.quick, tenMillion: values['ten-million'], outDir: values.out };
}
