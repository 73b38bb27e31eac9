// What fingers did on each page, so that a tap that the browser lost can be told from one that the page ignored.
import type { BrowserContext, Locator, Page } from '@playwright/test';

/** How long a tap may take to become a click on a busy machine. */
const CLICK_MS = 1500;
const TRIES = 3;

/** Notes touches and clicks in every frame of the pages to come. */
export async function watchTouches(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const touches: string[] = [];
    Object.assign(window, { touchesSeen: touches });
    for (const kind of ['touchstart', 'touchend', 'touchcancel', 'contextmenu', 'click'])
      addEventListener(
        kind,
        ({ target, timeStamp }) => {
          const name = target instanceof Element ? target.tagName.toLowerCase() : 'page';
          touches.push(`${kind} ${name} ${Math.round(timeStamp)}`);
        },
        { capture: true, passive: true },
      );
  });
}

/** All that was seen in all frames. */
export async function touchesSeen(page: Page): Promise<string[]> {
  const seen = page
    .frames()
    .map((frame) =>
      frame.evaluate(() => (window as { touchesSeen?: string[] }).touchesSeen ?? []).catch(() => []),
    );
  return (await Promise.all(seen)).flat();
}

/**
 * Taps. A starved browser takes the time between finger down and finger up for a long press, which is no click: then a
 * person taps again. What the page does with a click that it got is not tried twice.
 */
export async function tapSurely(page: Page, target: Locator): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const before = await clicks(page);
    await target.tap();
    const deadline = Date.now() + CLICK_MS;
    // A page that was left by the tap has lost its notes.
    while (Date.now() < deadline) {
      if ((await clicks(page)) !== before) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.stderr.write(`a tap was lost: ${(await touchesSeen(page)).slice(-6).join(', ')}\n`);
  }
}

async function clicks(page: Page): Promise<number> {
  return (await touchesSeen(page)).filter((touch) => touch.startsWith('click')).length;
}
