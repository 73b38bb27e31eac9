// What every test starts from: a server, a camera, a recorder and a phone, all its own and all gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, expect } from '@playwright/test';
import { type Look, launch } from './browser.ts';
import { Camera } from './camera.ts';
import { Recorder } from './recorder.ts';
import { picture } from './screens.ts';
import { Server } from './server.ts';
import { touchesSeen } from './touches.ts';
import { Visitor } from './visitor.ts';

/** Someone's phone: a browser profile that outlives the browser. */
export class Phone {
  private context: BrowserContext | undefined;

  constructor(
    private readonly profile: string,
    private readonly camera: Camera,
    private readonly recorder: Recorder,
    private readonly server: Server,
  ) {}

  /** Opens the browser (again) at the first screen. */
  async open(look: Look = {}): Promise<Visitor> {
    await this.close();
    this.context = await launch(this.profile, this.camera, this.recorder, look);
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    const visitor = new Visitor(page, this.server.origins);
    await this.camera.watch(page);
    await visitor.visit('/');
    return visitor;
  }

  /** What its open pages show, for a test that failed. */
  async pictures(): Promise<Buffer[]> {
    const shown = (this.context?.pages() ?? []).map((page) => picture(page).catch(() => null));
    return (await Promise.all(shown)).filter((each) => each !== null);
  }

  /** The words of its open pages and what fingers did there last, for a log without pictures. */
  async told(): Promise<string> {
    const pages = (this.context?.pages() ?? []).map(async (page) => {
      const shown = page.frames().map((frame) =>
        frame
          .locator('body')
          .innerText({ timeout: 1000 })
          .catch(() => ''),
      );
      const words = (await Promise.all(shown)).join(' | ').replaceAll(/\s+/g, ' ');
      return `screen: ${words}\ntouches: ${(await touchesSeen(page)).slice(-8).join(', ')}`;
    });
    return (await Promise.all(pages)).join('\n');
  }

  async close(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }
}

interface World {
  folder: string;
  recorder: Recorder;
  camera: Camera;
  server: Server;
  phone: Phone;
}

export const test = base.extend<World>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'mien-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
  recorder: async ({}, use) => {
    const recorder = await Recorder.start();
    await use(recorder);
    await recorder.stop();
  },
  camera: async ({ folder }, use) => {
    await use(new Camera(folder, 'near'));
  },
  server: async ({ folder, recorder }, use) => {
    const server = await Server.start(folder);
    recorder.allow(server.relyingParty, server.agent);
    await use(server);
    await server.stop();
  },
  phone: async ({ folder, camera, recorder, server }, use, info) => {
    const phone = new Phone(join(folder, 'profile'), camera, recorder, server);
    await use(phone);
    if (info.status !== info.expectedStatus) {
      process.stderr.write(`${await phone.told()}\n`);
      for (const body of await phone.pictures())
        await info.attach('screen.png', { body, contentType: 'image/png' });
      await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
    }
    await phone.close();
  },
});

export { expect };
