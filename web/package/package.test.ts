// The npm package as it would be published: what is in it, its typings, and that a page pays only for what it uses.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';

const made = join(import.meta.dirname, '../../target/npm/mien');

beforeAll(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, 'build.mjs')]);
}, 60_000);

const files = () =>
  readdirSync(made, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(made.length + 1))
    .sort();

test('it has code, styles, typings, the wasm-pack output, the licence and a README, and nothing else', () => {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--loglevel=silent'], {
    cwd: made,
    encoding: 'utf8',
  });
  const parsed = JSON.parse(told) as unknown;
  const [pack] = Object.values(parsed as object) as { name: string; files: { path: string }[] }[];
  expect(pack?.name).toBe('mien');
  const packed = (pack?.files ?? []).map(({ path }) => path).sort();
  expect(packed).toEqual(files());
  expect(packed.filter((path) => !path.startsWith('types/'))).toEqual([
    'LICENSE',
    'README.md',
    'authenticator/authenticator_wasm.d.ts',
    'authenticator/authenticator_wasm.js',
    'authenticator/authenticator_wasm_bg.wasm',
    'index.js',
    'mien.css',
    'package.json',
  ]);
  expect(packed.filter((path) => path.startsWith('types/') && !path.endsWith('.d.ts'))).toEqual([]);
}, 60_000);

test('it needs nothing else at run time, and every address in it exists', () => {
  const manifest = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const member of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts'])
    expect(manifest[member]).toBeUndefined();
  const own = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as object;
  expect(own).toMatchObject({ version: manifest['version'], license: manifest['license'] });
  const targets = Object.values(manifest['exports'] as Record<string, string | Record<string, string>>);
  const addresses = targets.flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  );
  expect(addresses).toHaveLength(6);
  const present = files();
  for (const address of addresses) expect(present).toContain(address.slice(2));
  expect(readFileSync(join(made, 'index.js'), 'utf8')).not.toMatch(/\bimport\b[^(]*from|require\(/);
});

/** Comments may change; so may what wasm-bindgen tells of the module's inside, which has hashes in its names. */
const typing = (file: string) =>
  readFileSync(join(made, file), 'utf8')
    .replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '')
    .replace(/export interface InitOutput \{[\s\S]*?\n\}\n/, '');

test('the typings are those of the golden file (renew it with `npx vitest run package -u`)', async () => {
  const all = files().filter((file) => file.endsWith('.d.ts'));
  const text = all.map((file) => `// ${file}\n${typing(file)}`).join('\n');
  await expect(text).toMatchFileSnapshot('typings.golden.d.ts');
});

test('who uses one call does not get the drop-in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mien-package-'));
  const bundle = async (name: string) => {
    const entry = join(folder, `${name}.js`);
    writeFileSync(entry, `export { ${name} } from ${JSON.stringify(join(made, 'index.js'))};`);
    const lib = { entry, formats: ['es' as const], fileName: 'entry' };
    const result = await build({ configFile: false, logLevel: 'silent', build: { write: false, lib } });
    const [first] = [result].flat() as { output: { code?: string }[] }[];
    return (first?.output ?? []).map(({ code }) => code ?? '').join('');
  };
  const one = await bundle('status');
  const all = await bundle('install');
  rmSync(folder, { recursive: true });
  expect(one).not.toContain('CredentialsContainer');
  expect(all).toContain('CredentialsContainer');
  expect(one.length).toBeLessThan(all.length / 3);
}, 60_000);
