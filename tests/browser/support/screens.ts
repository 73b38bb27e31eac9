// Screenshots of every screen, kept as artefacts, and the checks that each of them must pass.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { devtools } from './devtools.ts';
import { artefacts } from './paths.ts';

/** Keeps a picture of the page as the person sees it and checks that nothing sticks out sideways, in any frame. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  const folder = join(artefacts, 'screens');
  mkdirSync(folder, { recursive: true });
  await comeToRest(page);
  writeFileSync(join(folder, `${name}.png`), await picture(page));
  for (const frame of page.frames()) {
    const wide = await frame.evaluate(sticksOut).catch(() => []);
    expect(wide, `${name}: elements wider than the screen in ${frame.url()}`).toEqual([]);
  }
}

/** Waits for a finished ceremony's sheet to go and for movements to end; what moves for ever is left to move. */
export async function comeToRest(page: Page): Promise<void> {
  const done = page.frameLocator('[data-testid="agent-sheet"] iframe').getByTestId('prompt-done');
  if (await done.isVisible()) await expect(page.locator('dialog[open]')).toHaveCount(0);
  for (const frame of page.frames()) await frame.evaluate(movementsEnd).catch(() => undefined);
  await page.evaluate(twoFramesShown);
}

/** A sheet that has just gone still catches the finger, until the browser has drawn the page without it. */
async function twoFramesShown(): Promise<void> {
  for (let left = 2; left > 0; left -= 1) await new Promise((shown) => requestAnimationFrame(shown));
}

async function movementsEnd(): Promise<void> {
  const finite = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
  const late = new Promise((resolve) => setTimeout(resolve, 2000));
  await Promise.race([late, Promise.allSettled(finite.map(({ finished }) => finished))]);
}

/**
 * Playwright's own screenshot leaves the browser unable to find a cross-origin frame under a finger: taps after it go
 * to the page around the frame. The browser's plain command does no such harm.
 */
export async function picture(page: Page): Promise<Buffer> {
  const session = await devtools(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(data, 'base64');
}

function sticksOut(): string[] {
  const width = document.documentElement.clientWidth;
  if (width === 0) return [];
  const named = (element: Element) => `${element.tagName.toLowerCase()}.${element.className} of ${width}`;
  const found = [...document.body.querySelectorAll('*')].filter((element) => {
    const box = element.getBoundingClientRect();
    const hidden = box.width === 0 || box.height === 0 || getComputedStyle(element).visibility === 'hidden';
    // What a parent cuts off on purpose (the mirrored picture in its circle) does not stick out.
    const cut = element.closest('[data-clips], video, svg, canvas') !== null;
    return !hidden && !cut && box.right > width + 1;
  });
  return document.documentElement.scrollWidth > width
    ? ['the page scrolls sideways', ...found.map(named)]
    : [];
}
