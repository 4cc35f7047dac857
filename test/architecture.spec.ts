/** The house as a rule: imports go down only. Reads the source as text; finds a fault in a planted example first. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Import {
  readonly from: string;
  readonly to: string;
}

const SOURCE = /\.(ts|vue)$/;
const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => SOURCE.test(f) && !f.includes('node_modules'))
    .map((f) => path.posix.join(folder, f.split(path.sep).join('/')));
}

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)]
    .map((m) => m[1] ?? m[2] ?? m[3]!)
    .filter((to) => to.startsWith('.'))
    .map((to) => ({ from: file, to: path.posix.normalize(path.posix.join(path.posix.dirname(file), to)) }));
}

const inside = (file: string, ...folders: string[]) => folders.some((f) => file === f || file.startsWith(`${f}/`));
/** Pure files: they decide, and use no clock, no randomness, no I/O. */
const PURE = (file: string) =>
  inside(file, 'src/dispatch/chain', 'src/cobuild/chain') ||
  [
    'src/identity/actor.ts',
    'src/identity/credentials.ts',
    'src/identity/personal.ts',
    'src/identity/scope.ts',
    'src/ws/frames.ts',
    'src/ws/push-item.ts',
    'src/ws/notice-item.ts',
    'src/dispatch/explain.ts',
    'src/dispatch/explain-lines.ts',
    'src/dispatch/schemas.ts',
    'src/dispatch/repeats-schemas.ts',
    'src/dispatch/overview-schemas.ts',
    'src/dispatch/text-likeness.ts',
    'src/dispatch/similar.ts',
    'src/dispatch/recurrence.ts',
    'src/dispatch/squares.ts',
    'src/http/base-map.ts',
    'src/dispatch/search/terms.ts',
    'src/dispatch/search/grams.ts',
    'src/dispatch/search/entry.ts',
    'src/assessment/definitions.ts',
    'src/assessment/schemas.ts',
    'src/assessment/stays.ts',
    'src/assessment/view.ts',
    'src/assessment/exports/figures.ts',
    'src/assessment/exports/words.ts',
    'src/china-time.ts',
    'src/csv.ts',
    'src/errors.ts',
    'src/outbound/decide.ts',
    'src/outbound/payload.ts',
    'src/slots.ts',
    'src/uuid.ts',
    'src/grid/locate.ts',
    'src/grid/borders.ts',
    'src/grid/touch.ts',
    'src/grid/geometry.ts',
    'src/grid/nearest.ts',
    'src/grid/border.ts',
    'src/grid/gcj02.ts',
    'src/evidence/place-score.ts',
    'src/evidence/proof-schemas.ts',
    'src/evidence/refusals.ts',
    'src/evidence/voice/sound.ts',
    'src/evidence/voice/ogg.ts',
    'src/evidence/voice/webm.ts',
    'src/evidence/voice/mp4.ts',
    'src/evidence/voice/ogg-strip.ts',
    'src/evidence/voice/webm-strip.ts',
    'src/evidence/voice/mp4-strip.ts',
    'src/evidence/voice/byte-range.ts',
    'src/grid/duty.ts',
    'src/grid/responsibility.ts',
    'src/grid/shifts.ts',
    'src/grid/rosters/refusals.ts',
    'src/grid/rosters/scope.ts',
    'src/grid/calendar-days.ts',
    'src/grid/calendar-edit.ts',
    'src/grid/calendar-faults.ts',
    'src/residents/progress.ts',
    'src/residents/form.ts',
    'src/residents/kinds.ts',
    'src/residents/schemas.ts',
  ].includes(file);
const TOP = ['src/main.ts', 'src/server.ts'];
/** `web/field/home/Home.vue` → `field`. */
const roomOf = (file: string) => file.split('/')[1];

/** Each rule: which imports it forbids, and why. */
const RULES: readonly { readonly why: string; readonly forbids: (i: Import) => boolean }[] = [
  { why: 'nobody imports the top', forbids: (i) => TOP.includes(i.to) && !TOP.includes(i.from) },
  { why: 'a pure file imports only pure files', forbids: (i) => PURE(i.from) && inside(i.to, 'src') && !PURE(i.to) },
  { why: 'db is the ground floor', forbids: (i) => inside(i.from, 'src/db') && inside(i.to, 'src') && !inside(i.to, 'src/db') },
  { why: 'a migration is literal text', forbids: (i) => /src\/db\/migrations\/\d/.test(i.from) },
  {
    why: 'grid knows nothing of dispatch, ws, cobuild',
    forbids: (i) => inside(i.from, 'src/grid') && inside(i.to, 'src/dispatch', 'src/ws', 'src/cobuild'),
  },
  {
    why: 'dispatch knows nothing of ws, evidence, cobuild',
    forbids: (i) => inside(i.from, 'src/dispatch') && inside(i.to, 'src/ws', 'src/evidence', 'src/cobuild'),
  },
  {
    why: 'nobody but the server knows assessment: it looks at the others',
    forbids: (i) =>
      inside(i.to, 'src/assessment') && inside(i.from, 'src') && !inside(i.from, 'src/assessment') && !TOP.includes(i.from) && !PURE(i.to),
  },
  {
    why: 'identity knows nothing of dispatch, ws, evidence, cobuild',
    forbids: (i) => inside(i.from, 'src/identity') && inside(i.to, 'src/dispatch', 'src/ws', 'src/evidence', 'src/cobuild'),
  },
  {
    why: 'cobuild tells through what it is given: it knows no sockets',
    forbids: (i) => inside(i.from, 'src/cobuild') && inside(i.to, 'src/ws'),
  },
  {
    why: 'ws calls no service: of other rooms it imports pure files and the database only',
    forbids: (i) =>
      inside(i.from, 'src/ws') && inside(i.to, 'src') && !inside(i.to, 'src/ws', 'src/db') && !PURE(i.to) && i.to !== 'src/router.ts',
  },
  {
    why: 'residents come in from above: what they use knows nothing of them',
    forbids: (i) =>
      inside(i.to, 'src/residents') && inside(i.from, 'src/db', 'src/identity', 'src/grid', 'src/dispatch', 'src/evidence', 'src/ws'),
  },
  {
    why: 'residents know nothing of ws, settings, cobuild, assessment',
    forbids: (i) => inside(i.from, 'src/residents') && inside(i.to, 'src/ws', 'src/settings', 'src/cobuild', 'src/assessment'),
  },
  {
    why: 'what goes out hears of the chain and of push, and is known to neither',
    forbids: (i) => inside(i.to, 'src/outbound') && inside(i.from, 'src/ws', 'src/dispatch', 'src/grid', 'src/identity', 'src/evidence'),
  },
  { why: 'a store imports no routes', forbids: (i) => /\/routes\.ts$/.test(i.to) && !/(routes|app|server|start)\.ts$/.test(i.from) },
  { why: 'pages import only pure files', forbids: (i) => inside(i.from, 'web') && inside(i.to, 'src') && !PURE(i.to) },
  {
    why: 'a page imports nothing of another page: what two of them need stands in web/shared, which imports no page',
    forbids: (i) => inside(i.from, 'web') && inside(i.to, 'web') && ![roomOf(i.from), 'shared'].includes(roomOf(i.to)),
  },
  {
    why: 'the product never imports tests, scripts or load tests',
    forbids: (i) => inside(i.from, 'src', 'web') && inside(i.to, 'test', 'scripts', 'load-tests'),
  },
];

const UNPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|from 'node:(fs|net|http|child_process)/;

describe('the house', () => {
  const files = [...filesUnder('src'), ...filesUnder('web')];
  const texts = new Map(files.map((f) => [f, readFileSync(f, 'utf8')]));
  const imports = files.flatMap((f) => importsOf(f, texts.get(f)!));

  it('is looked at', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(150);
  });
  it.each(RULES)('$why', ({ forbids }) => {
    expect(imports.filter(forbids).map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });
  it('finds a climb when there is one', () => {
    const planted = [
      ...importsOf('src/grid/planted.ts', "import { decide } from '../dispatch/chain/decide.ts';"),
      ...importsOf('src/db/migrations/0009-planted.ts', "import { moveCheckSql } from '../../dispatch/chain/states.ts';"),
      ...importsOf('src/dispatch/chain/planted.ts', "import { Journal } from '../journal.ts';"),
      ...importsOf('web/field/planted.ts', "import { Journal } from '../../src/dispatch/journal.ts';"),
      ...importsOf('web/wall/planted.ts', "import { scene } from '../centre/map/scene.ts';"),
      ...importsOf('web/shared/planted.ts', "import { scene } from '../centre/map/scene.ts';"),
    ];
    expect(planted).toHaveLength(6);
    for (const i of planted) expect(RULES.filter((r) => r.forbids(i)).length, i.from).toBeGreaterThan(0);
  });
  it('keeps pure files free of clock, randomness and I/O', () => {
    const bad = files.filter((f) => PURE(f) && UNPURE.test(texts.get(f)!));
    expect(bad).toEqual([]);
    expect(UNPURE.test('const now = Date.now();')).toBe(true);
  });
  it('has no circle', () => {
    const next = new Map<string, string[]>();
    for (const i of imports) next.set(i.from, [...(next.get(i.from) ?? []), i.to]);
    const done = new Set<string>();
    const path_: string[] = [];
    const circles: string[] = [];
    const visit = (file: string) => {
      if (path_.includes(file)) return void circles.push([...path_.slice(path_.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      path_.push(file);
      for (const to of next.get(file) ?? []) visit(to);
      path_.pop();
      done.add(file);
    };
    files.forEach(visit);
    expect(circles).toEqual([]);
  });
  it('has no file too long to read', () => {
    const long = [...texts].filter(([, t]) => t.split('\n').length > 400).map(([f]) => f);
    expect(long).toEqual([]);
  });
});
