/**
 * Builds the service worker of each page that opens without a network, with the list of that page's files in it. A build of its own for
 * each: a worker has to be one file, and shares pieces with the other. The version is a hash of all that the worker keeps, so a new build
 * replaces the old shell as a whole, and one that changed nothing replaces nothing.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build, type Plugin } from 'vite';

export interface ShellPage {
  /** Folder of the page below `web`, and its address: `field` is at `/field/`. */
  readonly name: string;
  /** Files of `web/public` that the page needs, by address. */
  readonly publicFiles: readonly string[];
}

interface BuiltChunk {
  readonly type: 'chunk';
  readonly fileName: string;
  readonly facadeModuleId: string | null;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string>; readonly importedAssets: ReadonlySet<string> };
}

/** @param web  absolute path of the folder `web`, with a slash at its end. */
export function shellWorkers(web: string, pages: readonly ShellPage[]): Plugin {
  return {
    name: 'shell-workers',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const all = Object.values(bundle) as unknown as (BuiltChunk | { type: 'asset' })[];
        const chunks = new Map(all.filter((f) => f.type === 'chunk').map((c) => [c.fileName, c]));
        for (const page of pages) {
          const files = filesOf(page, chunks);
          const version = versionOf(web, page, files);
          const source = await bundled(`${web}${page.name}/sw.ts`, { page: `/${page.name}/`, version, files });
          this.emitFile({ type: 'asset', fileName: `${page.name}/sw.js`, source });
        }
      },
    },
  };
}

function filesOf({ name, publicFiles }: ShellPage, chunks: ReadonlyMap<string, BuiltChunk>): string[] {
  const entry = [...chunks.values()].find((c) => c.facadeModuleId?.endsWith(`/web/${name}/index.html`));
  if (!entry) throw new Error(`the page ${name} is missing from the build`);
  return [`/${name}/`, ...publicFiles, ...reach(chunks, entry).map((file) => `/${file}`)];
}

/** Every file the page can ever ask for: its entry, what that imports now or later, and their styles. */
function reach(chunks: ReadonlyMap<string, BuiltChunk>, entry: BuiltChunk): string[] {
  const seen = new Set<string>();
  const files = new Set<string>();
  const waiting = [entry.fileName];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const chunk = chunks.get(name);
    if (!chunk) throw new Error(`${name} is imported but not built`);
    waiting.push(...chunk.imports, ...chunk.dynamicImports);
    for (const file of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) files.add(file);
  }
  return [...seen, ...files].sort();
}

/** Built files carry a hash in their names; the page itself and public files do not. */
function versionOf(web: string, { name, publicFiles }: ShellPage, files: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(files))
    .update(readFileSync(`${web}${name}/index.html`));
  for (const file of publicFiles) hash.update(readFileSync(`${web}public${file}`));
  return hash.digest('hex').slice(0, 12);
}

/** The worker as one script, with what it keeps written into it. */
async function bundled(entry: string, shell: { page: string; version: string; files: readonly string[] }): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { __SHELL__: JSON.stringify(shell) },
    build: { write: false, rollupOptions: { input: entry, output: { format: 'iife', entryFileNames: 'sw.js' } } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((r) => ('output' in r ? r.output : []));
  const [script, ...more] = outputs;
  if (script?.type !== 'chunk' || more.length > 0) throw new Error(`${entry} did not become one script`);
  return script.code;
}
