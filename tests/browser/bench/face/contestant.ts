// One library in one page of one browser: a renderer process of its own, asked over its worker.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';
import type { BenchServer, Fetched } from './serve.ts';

export const NAMES = ['mien', 'human', 'face-api'] as const;
export type Name = (typeof NAMES)[number] | 'mien-relaxed';

export interface Look {
  ms: number;
  found: boolean;
  wasmBytes: number;
}

type Ask = (kind: string, argument: unknown) => Promise<unknown>;

export class Contestant {
  private constructor(
    readonly name: Name,
    private readonly context: BrowserContext,
    private readonly page: Page,
    private readonly process: number,
    readonly loadMs: number,
    readonly fetched: Fetched,
  ) {}

  /** A fresh context, so nothing is cached; the library is loaded but has not looked at anything. */
  static async load(browser: Browser, server: BenchServer, name: Name): Promise<Contestant> {
    const session = await browser.newBrowserCDPSession();
    const before = await cpuTimes(session);
    const context = await browser.newContext();
    const page = await context.newPage();
    server.fetched = { uncompressed: 0, served: 0 };
    await page.goto(`${server.address(name)}/index.html`);
    await page.waitForFunction(() => 'ask' in globalThis);
    const { ms } = (await ask(page, 'load', name)) as { ms: number };
    const used = await cpuTimes(session);
    await session.detach();
    const grown = [...used].map(([id, time]) => ({ id, grown: time - (before.get(id) ?? 0) }));
    const busiest = grown.toSorted((a, b) => b.grown - a.grown)[0];
    if (busiest === undefined) throw new Error('the browser has no renderer');
    return new Contestant(name, context, page, busiest.id, ms, { ...server.fetched });
  }

  look(frame: number): Promise<Look> {
    return ask(this.page, 'look', `/frames/${frame}`) as Promise<Look>;
  }

  stages(frame: number): Promise<Record<string, number>> {
    return ask(this.page, 'stages', `/frames/${frame}`) as Promise<Record<string, number>>;
  }

  looks(frames: number, count: number): Promise<{ looks: number; bytes: number }[]> {
    const urls = Array.from({ length: frames }, (_, index) => `/frames/${index}`);
    return ask(this.page, 'looks', { urls, count }) as Promise<{ looks: number; bytes: number }[]>;
  }

  describe(url: string): Promise<unknown> {
    return ask(this.page, 'describe', url);
  }

  distances(pairs: [string, string][]): Promise<(number | null)[]> {
    return ask(this.page, 'distances', pairs) as Promise<(number | null)[]>;
  }

  /** Bytes of the page and its worker: scripts, buffers and WASM, as the browser itself counts them, after a collection. */
  async pageMemory(): Promise<number> {
    return await this.page.evaluate(async () => {
      const measure = performance as unknown as {
        measureUserAgentSpecificMemory: () => Promise<{ bytes: number }>;
      };
      return (await measure.measureUserAgentSpecificMemory()).bytes;
    });
  }

  /** The most memory that the renderer process ever had resident; undefined where the system does not say. */
  peakResident(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.process}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

function ask(page: Page, kind: string, argument: unknown): Promise<unknown> {
  return page.evaluate(
    ([kind, argument]) => (globalThis as unknown as { ask: Ask }).ask(kind as string, argument),
    [kind, argument] as const,
  );
}

/** Seconds of processor time by process, renderers only. */
async function cpuTimes(session: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]));
}
