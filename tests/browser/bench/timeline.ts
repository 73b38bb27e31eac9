// What happens when on a page and in the agent's iframe, noted from outside: the product knows nothing of it.
import type { BrowserContext, Page } from '@playwright/test';

/** A moment in milliseconds since 1970, on the one clock of this machine. */
export interface Moment {
  readonly what: string;
  readonly at: number;
  /** Milliseconds, for long tasks. */
  readonly lasted?: number;
}

/** Notes the worker's events, main-thread tasks over 50 ms, and the headings that a person would read. */
export async function noteMoments(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const moments: Moment[] = [];
    Object.defineProperty(window, 'moments', { value: moments });
    const now = () => performance.timeOrigin + performance.now();

    const Native = window.Worker;
    window.Worker = class extends Native {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }) => {
          const { kind, guidance } = data as { kind: string; guidance?: string };
          moments.push({ what: guidance === undefined ? kind : `${kind} ${guidance}`, at: now() });
        });
      }
    };
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        moments.push({ what: 'long task', at: performance.timeOrigin + startTime, lasted: duration });
      }
    }).observe({ type: 'longtask', buffered: true });
    new MutationObserver(() => {
      const heading = document.querySelector('h1')?.textContent ?? '';
      if (moments.findLast(({ what }) => what.startsWith('heading'))?.what !== `heading ${heading}`)
        moments.push({ what: `heading ${heading}`, at: now() });
    }).observe(document, { childList: true, subtree: true, characterData: true });
    moments.push({ what: 'page', at: performance.timeOrigin });
  });
}

/** All moments of the page and its frames so far, in order. */
export async function moments(page: Page): Promise<Moment[]> {
  const all: Moment[] = [];
  for (const frame of page.frames()) {
    all.push(...(await frame.evaluate(() => (window as unknown as { moments: Moment[] }).moments)));
  }
  return all.sort((a, b) => a.at - b.at);
}

/** The first moment at or after `since` whose name begins with `what`. */
export function first(all: readonly Moment[], what: string, since = 0): Moment {
  const found = all.find((moment) => moment.at >= since && moment.what.startsWith(what));
  if (found === undefined) throw new Error(`nothing noted as "${what}"`);
  return found;
}

/** The last moment whose name begins with `what`. */
export function last(all: readonly Moment[], what: string): Moment {
  const found = all.findLast((moment) => moment.what.startsWith(what));
  if (found === undefined) throw new Error(`nothing noted as "${what}"`);
  return found;
}
