// Screenshots of every screen, kept as artefacts, and the checks that each of them must pass.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { artefacts } from './paths.ts';

/** Keeps a picture of the page as the person sees it and checks that nothing sticks out sideways, in any frame. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  const folder = join(artefacts, 'screens');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  for (const frame of page.frames()) {
    const wide = await frame.evaluate(sticksOut).catch(() => []);
    expect(wide, `${name}: elements wider than the screen in ${frame.url()}`).toEqual([]);
  }
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
