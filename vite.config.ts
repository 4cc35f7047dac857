/**
 * One build, six pages: sign in, field, centre, unit, the one of residents, and the one behind a certificate's QR code. `dist/` is served at `/` by the
 * product itself.
 */
import vue from '@vitejs/plugin-vue';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const page = (path: string) => fileURLToPath(new URL(`./web/${path}`, import.meta.url));

interface BuiltChunk {
  type: 'chunk';
  fileName: string;
  facadeModuleId: string | null;
  imports: string[];
  dynamicImports: string[];
  code: string;
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

/** Every file the page can ever ask for: its entry, what that imports now or later, and their styles. */
function reach(chunks: Map<string, BuiltChunk>, entry: BuiltChunk): string[] {
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

/** Files of `web/public` that the field page needs. */
const PUBLIC_FILES = ['/boot.js', '/icon.svg', '/field/manifest.webmanifest'];

/** Writes the list of the field page's files into its service worker. The version is their hash, so a new build replaces the old shell as a whole. */
function fieldShell(): Plugin {
  return {
    name: 'field-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const all = Object.values(bundle) as unknown as BuiltChunk[];
        const chunks = new Map(all.filter((f) => f.type === 'chunk').map((c) => [c.fileName, c]));
        const worker = chunks.get('field/sw.js');
        const entry = [...chunks.values()].find((c) => c.facadeModuleId?.endsWith('/web/field/index.html'));
        if (!worker || !entry) throw new Error('the field page or its service worker is missing from the build');
        const files = ['/field/', ...PUBLIC_FILES, ...reach(chunks, entry).map((f) => `/${f}`)];
        const hash = createHash('sha256')
          .update(JSON.stringify(files))
          .update(worker.code)
          .update(readFileSync(page('field/index.html')));
        for (const file of PUBLIC_FILES) hash.update(readFileSync(page(`public${file}`)));
        const version = hash.digest('hex').slice(0, 12);
        worker.code = worker.code.replace('__SHELL_VERSION__', version).replace('__SHELL_FILES__', files.join('\\n'));
      },
    },
  };
}

/**
 * Vant's icon font comes with a fallback address at a foreign host, and we draw our icons with Tabler: the font goes. Then the built
 * styles are looked through, because one forgotten address would tell a stranger about every visit.
 */
function noOutsideHosts(): Plugin {
  return {
    name: 'no-outside-hosts',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/vant\/.*\.css(\?|$)/.test(id)) return null;
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && file.fileName.endsWith('.css') && /url\(["']?(https?:)?\/\//.test(String(file.source))) {
            throw new Error(`${file.fileName} asks an outside host for a file`);
          }
        }
      },
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('./web', import.meta.url)),
  plugins: [noOutsideHosts(), vue(), fieldShell()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/ws': { target: 'ws://127.0.0.1:8080', ws: true } } },
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: {
        signin: page('index.html'),
        field: page('field/index.html'),
        centre: page('centre/index.html'),
        unit: page('unit/index.html'),
        resident: page('resident/index.html'),
        certificate: page('certificate/index.html'),
        sw: page('field/sw.ts'),
      },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'field/sw.js' : 'assets/[name]-[hash].js') },
    },
  },
});
