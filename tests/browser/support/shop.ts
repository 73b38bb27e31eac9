// A site that is not ours: pages of their own, with the npm package and SimpleWebAuthn as these are published.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as paths from './paths.ts';
import { Server } from './server.ts';
import { test as base, expect } from './world.ts';

/** As everywhere, but the relying party serves the shop. */
export const test = base.extend({
  server: async ({ folder, recorder }, use) => {
    const pages = join(folder, 'shop');
    cpSync(paths.shop, pages, { recursive: true });
    cpSync(paths.npmPackage(), join(pages, 'mien'), { recursive: true });
    cpSync(paths.simpleWebAuthn(), join(pages, 'simplewebauthn'), { recursive: true });
    const server = await Server.start(folder, { pages });
    writeFileSync(join(pages, 'readme.js'), example(server.agent));
    recorder.allow(server.relyingParty, server.agent);
    await use(server);
    await server.stop();
  },
});

/** The package's README example, with the names that a bundler and a deployment would fill in. */
function example(agent: string): string {
  const text = readFileSync(join(paths.npmPackage(), 'README.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1];
  if (code === undefined) throw new Error('the README of the package has no example');
  return code.replace("'mien'", "'/mien/index.js'").replace('https://agent.example', agent);
}

/** Waits until the drop-in stands. */
export async function installed(page: Page): Promise<void> {
  await page.waitForFunction(() => 'mien' in globalThis);
}

export { expect };
