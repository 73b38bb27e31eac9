// Builds from one folder: one per origin (`vite build --mode relying-party`, `--mode authentication-agent`), and the
// library for other people's pages (`--mode package`).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const roots: Record<string, string> = {
  'relying-party': 'src/demo',
  'authentication-agent': 'src/authentication-agent',
};
const wasm = 'src/generated/authenticator/authenticator_wasm_bg.wasm';

/** The digest that the worker demands of the WASM module (Subresource Integrity, base64 of SHA-256). */
function wasmIntegrity(): string {
  if (!existsSync(wasm)) throw new Error(`${wasm} is missing. Run \`cargo xtask wasm\` first.`);
  return `sha256-${createHash('sha256').update(readFileSync(wasm)).digest('base64')}`;
}

/** The oldest browsers that have all that is needed. */
const target = ['safari16.4', 'chrome111', 'firefox115'];

/** What `package/build.mjs` makes the npm package of. */
const library = {
  build: {
    target,
    minify: false,
    lib: {
      entry: 'src/relying-party-agent/index.ts',
      formats: ['es' as const],
      fileName: 'index',
      cssFileName: 'mien',
    },
  },
};

export default defineConfig(({ mode }) => {
  if (mode === 'package') return library;
  const root = roots[mode];
  // Vitest runs over the whole of src and has no root of its own.
  if (root === undefined) {
    const include = ['src/**/*.test.ts', 'package/*.test.ts'];
    return { test: { include, environment: 'node' } };
  }
  const agent = mode === 'authentication-agent';
  return {
    root,
    base: '/',
    define: agent ? { __WASM_INTEGRITY__: JSON.stringify(wasmIntegrity()) } : {},
    build: {
      outDir: `../../dist/${mode}`,
      emptyOutDir: true,
      target,
      // The content security policy allows no data: addresses and no inline code.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    worker: { format: 'es' as const },
  };
});
