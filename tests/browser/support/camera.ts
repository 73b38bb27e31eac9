// The camera in front of the browser: who or what is before it, and what can happen to it.
import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as paths from './paths.ts';
import { type Face, type Performance, Person, type Shown } from './person.ts';

/** Films that go on whatever the screen says. */
export type Video = 'two-faces' | 'frozen' | 'no-face';

/** How often a person's eyes go to the screen. */
const GLANCE_MS = 120;

export class Camera {
  /** The file that the browser was told to play. It opens it anew at each getUserMedia. */
  readonly file: string;
  /** Who is before it, unless it is a film. */
  person: Person | undefined;
  private watching = 0;
  private sittings = 0;

  constructor(
    private readonly folder: string,
    first: Face,
  ) {
    this.file = join(folder, 'camera.y4m');
    this.sit(first);
  }

  /** From the next getUserMedia on this person is before the camera and does what the screen asks. */
  sit(face: Face, script?: Performance): void {
    this.sittings += 1;
    this.person?.leave();
    this.person = new Person(join(this.folder, `person-${this.sittings}.y4m`), face, script);
    this.point(this.person.file);
  }

  /** From the next getUserMedia on it shows a film. */
  show(name: Video): void {
    this.person?.leave();
    this.person = undefined;
    this.point(paths.video(name));
  }

  /** The person looks at this page until the page or the camera goes to another. */
  async watch(page: Page): Promise<void> {
    this.watching += 1;
    const mine = this.watching;
    await page.addInitScript(noteScreens);
    void (async () => {
      while (mine === this.watching && !page.isClosed()) {
        const screens = await look(page).catch(() => []);
        if (mine === this.watching) this.person?.see(screens);
        await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
      }
      if (mine === this.watching) this.person?.leave();
    })();
  }

  private point(file: string): void {
    const next = `${this.file}.next`;
    symlinkSync(file, next);
    renameSync(next, this.file);
  }
  /**
   * Pulls the plug: ends the browser's capture process, which is known by the file that it plays. The track ends as it
   * does when a real camera is unplugged; the next getUserMedia gets a new process.
   */
  unplug(): void {
    const processes = execFileSync('ps', ['-eo', 'pid=,args='], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    }).split('\n');
    const capture = processes.filter(
      (line) => line.includes('VideoCaptureService') && line.includes(this.file),
    );
    if (capture.length === 0) throw new Error('the browser has no capture process: the camera is not on');
    for (const line of capture) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  }
}

/** Notes in every frame what the agent's page shows while it looks, so that a glance that comes late misses nothing. */
function noteScreens(): void {
  const screens: Shown[] = [];
  Object.assign(window, { screensShown: screens });
  let last = '';
  const note = () => {
    const prompt = document.querySelector<HTMLElement>('[data-testid="prompt-capture"]');
    const { guidance = '', turn = '' } = prompt?.dataset ?? {};
    const screen = prompt === null || guidance === 'opening-camera' ? null : { turn, guidance };
    if (JSON.stringify(screen) === last) return;
    last = JSON.stringify(screen);
    screens.push(screen);
  };
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['data-turn', 'data-guidance'],
  });
}

/** What was shown since the last glance. */
async function look(page: Page): Promise<Shown[]> {
  const [agent] = page.frames().slice(1);
  if (agent === undefined) return [];
  return agent.evaluate(
    () => (window as unknown as { screensShown?: Shown[] }).screensShown?.splice(0) ?? [],
  );
}
