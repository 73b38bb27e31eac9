// Where the parts under test are, and how to get one that is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

function required(path: string, task: string): string {
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`cargo xtask ${task}\``);
  return path;
}

function firstExisting(candidates: (string | undefined)[]): string {
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error('Chromium is missing: `cargo xtask test` installs it, or set CHROMIUM to its path');
  return found;
}

export const artefacts = join(import.meta.dirname, '../artefacts');

/** What was filmed is set up; what is drawn is made for the tests. */
export const video = (name: string) =>
  required(
    join(ROOT, `target/test-media/${name}.y4m`),
    name.includes('-drawn-') ? 'test --only end-to-end' : 'setup',
  );

export const models = () => required(join(ROOT, 'target/models'), 'setup');

export const pages = (origin: 'relying-party' | 'authentication-agent') =>
  required(join(ROOT, 'web/dist', origin), 'web');

/** Pages of somebody else, and what they use. */
export const shop = join(import.meta.dirname, '../pages');

export const npmPackage = () => required(join(ROOT, 'target/npm/mien'), 'package');

export const simpleWebAuthn = () =>
  required(join(import.meta.dirname, '../node_modules/@simplewebauthn/browser/esm'), 'setup');

/** The server to test; `cargo xtask test` names the one that it has just built. */
export const server = () =>
  required(process.env['RP_SERVER'] ?? join(ROOT, 'target/debug/rp-server'), 'test --only end-to-end');

export const chromium = () =>
  firstExisting([
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]);

export const generated = () => required(join(ROOT, 'web/src/generated/authenticator'), 'wasm');

/** The module that measures itself, by the instructions it uses. */
export const measurement = (kind: 'simd' | 'relaxed-simd') =>
  required(join(ROOT, `target/measurement-wasm/${kind}`), 'bench face');
