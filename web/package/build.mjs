// Makes the npm package under target/npm/mien: library, styles, typings, and what wasm-pack made. Publishes nothing.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const web = join(import.meta.dirname, '..');
const out = join(web, '../target/npm/mien');
const generated = join(web, 'src/generated/authenticator');
const module = ['authenticator_wasm.js', 'authenticator_wasm.d.ts', 'authenticator_wasm_bg.wasm'];

for (const file of module) {
  if (!existsSync(join(generated, file)))
    throw new Error(`${file} is missing: run \`cargo xtask wasm\` first`);
}
rmSync(out, { recursive: true, force: true });
run('vite/bin/vite.js', 'build', '--mode', 'package', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn');
run('typescript/bin/tsc', '-p', 'tsconfig.package.json', '--outDir', join(out, 'types'));
for (const file of readdirSync(join(out, 'types'), { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts')) nameExtensions(join(out, 'types', file));
}
for (const file of module) cpSync(join(generated, file), join(out, 'authenticator', file));
for (const file of ['package.json', 'README.md']) cpSync(join(import.meta.dirname, file), join(out, file));
cpSync(join(web, '../LICENSE'), join(out, 'LICENSE'));

function run(program, ...words) {
  execFileSync(process.execPath, [join(web, 'node_modules', program), ...words], {
    cwd: web,
    stdio: 'inherit',
  });
}

/** Who resolves modules as Node does wants file names in full. */
function nameExtensions(file) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/(from |import\()'(\.[^']*)'/g, "$1'$2.js'"));
}
