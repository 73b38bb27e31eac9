// A phone-sized Chromium with a profile of its own, the fake camera and the recording proxy.
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import type { Camera } from './camera.ts';
import * as paths from './paths.ts';
import type { Recorder } from './recorder.ts';
import { watchTouches } from './touches.ts';

/** The smallest phone that the screens are drawn for. */
export const PHONE = { width: 390, height: 844 };

export interface Look {
  /** `none`: no camera at the machine. `refused`: the person says no when asked. */
  camera?: 'allowed' | 'refused' | 'none';
  colorScheme?: 'light' | 'dark';
  /** Colours are offered only to those who do not ask their system for reduced motion. */
  reducedMotion?: 'reduce' | 'no-preference';
}

export async function launch(
  profile: string,
  camera: Camera,
  recorder: Recorder,
  look: Look = {},
): Promise<BrowserContext> {
  const device =
    look.camera === 'none'
      ? ['--use-fake-device-for-media-stream=device-count=0']
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera.file}`];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: paths.chromium(),
    headless: true,
    viewport: PHONE,
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
    colorScheme: look.colorScheme ?? 'light',
    reducedMotion: look.reducedMotion ?? 'reduce',
    // The browser's own permission machinery decides; without the permission the headless browser refuses.
    permissions: look.camera === 'refused' ? [] : ['camera'],
    args: [
      '--headless=new',
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...device,
      `--proxy-server=${recorder.address}`,
      '--proxy-bypass-list=<-loopback>',
      // The last list of features counts: Playwright's own would switch storage partitioning off, which people have on.
      '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider',
    ],
  });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(countCameraTracks);
  await watchTouches(context);
  return context;
}

/** Keeps every track that a document was given, so that a test can ask whether the camera is really off. */
function countCameraTracks(): void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return;
  const tracks: MediaStreamTrack[] = [];
  Object.defineProperty(window, 'tracksGiven', { value: tracks });
  const original = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
}

/** How many camera tracks are live in any frame of the page, and how many were ever opened. */
export async function cameraTracks(page: Page): Promise<{ live: number; ever: number }> {
  const counts = { live: 0, ever: 0 };
  for (const frame of page.frames()) {
    const states = await frame
      .evaluate(() =>
        ((window as { tracksGiven?: MediaStreamTrack[] }).tracksGiven ?? []).map((track) => track.readyState),
      )
      .catch(() => []);
    counts.ever += states.length;
    counts.live += states.filter((state) => state === 'live').length;
  }
  return counts;
}
