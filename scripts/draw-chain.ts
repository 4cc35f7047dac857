/** Draws docs/chain.md from the state table: `npm run docs:chain`. A spec fails when the page is not what the table gives. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ASSIGNMENT_MOVES, CARRIED, MARKS, MOVES, STATES, type By } from '../src/dispatch/chain/states.ts';

const BY_ZH: Record<By, string> = {
  gridWorker: '网格员',
  community: '社区',
  subdistrict: '街道',
  district: '区指挥中心',
  unit: '处置单位',
  leader: '包联领导',
  system: '系统',
  reporter: '上报人',
  leadUnit: '主办单位',
};
const by = (list: readonly By[]) => list.map((b) => `${BY_ZH[b]} \`${b}\``).join(', ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((r) => `| ${r.join(' | ')} |`).join('\n');

/** The picture: moves between two states share one arrow, and what changes no state is left out. */
function diagram(): string {
  const arrows = new Map<string, string[]>();
  const moves = [...MOVES.filter((m) => !('derived' in m)), ...CARRIED];
  for (const m of moves.filter((row) => row.from !== row.to)) {
    const key = `${m.from} --> ${m.to}`;
    arrows.set(key, [...(arrows.get(key) ?? []), m.verb]);
  }
  return [
    'stateDiagram-v2',
    '  [*] --> reported: report',
    ...STATES.map((s) => `  ${s.name}: ${s.zh} ${s.name}`),
    ...[...arrows].map(([arrow, verbs]) => `  ${arrow}: ${verbs.join(', ')}`),
    ...STATES.filter((s) => s.end).map((s) => `  ${s.name} --> [*]`),
  ].join('\n');
}

/** The whole page as Markdown. */
export function chainPage(): string {
  return `# The chain

Generated from \`src/dispatch/chain/states.ts\` by \`npm run docs:chain\`; do not edit.

\`\`\`mermaid
${diagram()}
\`\`\`

## States

${table(
  ['state', '中文', '环节', 'clock', 'end'],
  STATES.map((s) => [`\`${s.name}\``, s.zh, s.step ?? '–', s.clock ?? '–', s.end ? 'yes' : '']),
)}

## Moves of an incident

A derived move is no log row of its own: the assignment's verb that causes it carries the change of state.

${table(
  ['from', 'verb', 'to', 'by', ''],
  MOVES.map((m) => [m.from, `\`${m.verb}\``, m.to, by(m.by), 'derived' in m ? 'derived' : '']),
)}

## Moves of an assignment

${table(
  ['from', 'verb', 'to', 'by'],
  ASSIGNMENT_MOVES.map((m) => [m.from, `\`${m.verb}\``, m.to, by(m.by)]),
)}

Changes of the incident's state that they carry:

${table(
  ['verb', 'from', 'to'],
  CARRIED.map((c) => [`\`${c.verb}\``, c.from, c.to]),
)}

## Moves that change no state

${table(
  ['verb', 'in', 'by'],
  MARKS.map((m) => [`\`${m.verb}\``, m.states.join(', '), by(m.by)]),
)}

\`forceClose\` is proposed by one district account, which leaves the state as it is, and confirmed by another.
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync('docs/chain.md', chainPage());
  console.log('docs/chain.md');
}
