/**
 * One build, seven pages: sign in, field, centre, unit, the one of residents, the wall, and the one behind a certificate's QR code. `dist/` is served at `/` by the
 * product itself.
 */
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { shellWorkers } from './web/shared/shell/plugin.ts';

/** Files of `web/public` that every page on a home screen needs; each has a manifest of its own besides. */
const HOME_SCREEN_FILES = ['/boot.js', '/icon.svg', '/icons/192.png', '/icons/512.png', '/icons/maskable-512.png', '/icons/apple-180.png'];
/** Pages that open without a network. */
const SHELLS = ['field', 'unit'].map((name) => ({ name, publicFiles: [...HOME_SCREEN_FILES, `/${name}/manifest.webmanifest`] }));

const page = (path: string) => fileURLToPath(new URL(`./web/${path}`, import.meta.url));

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
  plugins: [noOutsideHosts(), vue(), shellWorkers(page(''), SHELLS)],
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
        wall: page('wall/index.html'),
        resident: page('resident/index.html'),
        certificate: page('certificate/index.html'),
      },
      output: { entryFileNames: 'assets/[name]-[hash].js' },
    },
  },
});
