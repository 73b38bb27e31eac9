// `cargo xtask bench demo`: what a visitor waits for and downloads, medians over fresh profiles, as a Markdown table.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launch } from '../support/browser.ts';
import { Camera } from '../support/camera.ts';
import * as paths from '../support/paths.ts';
import { Recorder } from '../support/recorder.ts';
import { Server } from '../support/server.ts';
import { Visitor } from '../support/visitor.ts';
import { first, last, type Moment, moments, noteMoments } from './timeline.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
/** Frames a second that the camera gives. */
const FPS = Number(process.env['FPS'] ?? 15);

interface Round {
  firstVisitBytes: number;
  secondVisitBytes: number;
  firstCameraMs: number;
  secondCameraMs: number;
  framesPerSecond: number;
  goodToSignedInMs: number;
  turnedToSignedInMs: number;
  longestTaskMs: number;
}

/** Frames answered per second between the first and the last of the looks that end in `until`. */
function frameRate(all: readonly Moment[], since: number): number {
  const frames = all.filter(({ what, at }) => at >= since && what.startsWith('guidance'));
  const [head, tail] = [frames[0], frames.at(-1)];
  if (head === undefined || tail === undefined || frames.length < 3) throw new Error('too few frames');
  return ((frames.length - 1) * 1000) / (tail.at - head.at);
}

/** The longest main-thread task in any frame while the camera runs; 0 when none was over 50 ms. */
function longestTask(all: readonly Moment[], from: number, to: number): number {
  const tasks = all.filter(({ what, at }) => what === 'long task' && at >= from && at <= to);
  return Math.max(0, ...tasks.map(({ lasted }) => lasted ?? 0));
}

async function round(): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'mien-bench-'));
  const recorder = await Recorder.start();
  const server = await Server.start(folder);
  recorder.allow(server.relyingParty, server.agent);
  const camera = new Camera(folder, 'near', FPS);
  const context = await launch(join(folder, 'profile'), camera, recorder);
  try {
    await noteMoments(context);
    const visitor = new Visitor(await context.newPage(), server.origins);
    await camera.watch(visitor.page);
    const bytes = () => recorder.requests.reduce((sum, { received }) => sum + received, 0);

    await visitor.visit('/');
    await visitor.register('Ada');
    const firstVisitBytes = bytes();
    const enrolment = await moments(visitor.page);
    const enrolFrom = first(enrolment, 'guidance').at;
    const firstCameraMs = enrolFrom - first(enrolment, 'page').at;
    const framesPerSecond = frameRate(enrolment, enrolFrom);
    const enrolTo = first(enrolment, 'done').at;
    await visitor.signOut();

    recorder.clear();
    await visitor.page.reload();
    await visitor.signIn('Ada');
    const signIn = await moments(visitor.page);
    const lookFrom = first(signIn, 'guidance').at;
    const good = first(signIn, 'guidance good').at;
    const signedIn = first(signIn, 'heading Hello', good).at;
    return {
      firstVisitBytes,
      secondVisitBytes: bytes(),
      firstCameraMs,
      secondCameraMs: lookFrom - first(signIn, 'page').at,
      framesPerSecond,
      goodToSignedInMs: signedIn - good,
      // The arrow goes when the head has turned far enough; it comes back after that.
      turnedToSignedInMs: signedIn - last(signIn, 'guidance turn-').at,
      longestTaskMs: Math.max(
        longestTask(enrolment, enrolFrom, enrolTo),
        longestTask(signIn, lookFrom, first(signIn, 'done').at),
      ),
    };
  } finally {
    await context.close();
    await server.stop();
    await recorder.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

test('demo', async () => {
  const rounds: Round[] = [];
  for (let number = 0; number < ROUNDS; number += 1) rounds.push(await round());
  const wasm = statSync(join(paths.generated(), 'authenticator_wasm_bg.wasm')).size;

  const row = (name: string, key: keyof Round, unit: string, digits = 0) => {
    const values = rounds.map((each) => each[key]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const text = (value: number) => value.toFixed(digits);
    return `| ${name} | ${text(median(values))} ${unit} | ${text(low)}–${text(high)} |`;
  };
  const table = [
    `| measured, ${ROUNDS} rounds | median | range |`,
    '|---|---:|---:|',
    row('bytes of the first visit, registration included', 'firstVisitBytes', 'B'),
    row('bytes of the second visit, sign-in included', 'secondVisitBytes', 'B'),
    row('first visit: page to first analysed frame', 'firstCameraMs', 'ms'),
    row('second visit: page to first analysed frame', 'secondCameraMs', 'ms'),
    row(`frames analysed per second, of ${FPS} offered`, 'framesPerSecond', '', 1),
    row(
      'first good frame to signed in, three turns of a person who takes 0.35 s to react',
      'goodToSignedInMs',
      'ms',
    ),
    row('last turn reached to signed in', 'turnedToSignedInMs', 'ms'),
    row('longest main-thread task over 50 ms during capture (0: none)', 'longestTaskMs', 'ms'),
    `| WASM module, uncompressed | ${wasm} B | |`,
  ].join('\n');
  mkdirSync(paths.artefacts, { recursive: true });
  writeFileSync(join(paths.artefacts, 'bench-demo.json'), JSON.stringify({ rounds, wasm }, null, 2));
  writeFileSync(join(paths.artefacts, 'bench-demo.md'), `${table}\n`);
  expect(rounds.length).toBe(ROUNDS);
});
