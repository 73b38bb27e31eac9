// `cargo xtask bench face`: a full look by ours and by two known libraries, on the same frames, in one browser.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, expect, test } from '@playwright/test';
import * as paths from '../support/paths.ts';
import { Contestant, NAMES, type Name } from './face/contestant.ts';
import { framesOf } from './face/frames.ts';
import { accuracy, readPairs } from './face/pairs.ts';
import { type Contest, type Round, table } from './face/report.ts';
import { BenchServer } from './face/serve.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const FRAMES = Number(process.env['FRAMES'] ?? 60);
const LOOKS = Number(process.env['LOOKS'] ?? 0);
const PAIRS = process.env['PAIRS'];
const COUNT = Number(process.env['COUNT'] ?? 600);
/** A second build of ours to hold beside the first. */
const ALSO = (process.env['ALSO']?.split(',') ?? []) as Name[];

const root = join(import.meta.dirname, '../../..');
const packages = join(import.meta.dirname, 'face/node_modules');

function places(): Record<string, string> {
  return {
    '/': join(import.meta.dirname, 'face'),
    '/mien/': paths.measurement('simd'),
    ...(ALSO.includes('mien-relaxed') ? { '/mien-relaxed/': paths.measurement('relaxed-simd') } : {}),
    '/manifest/': join(root, 'authenticator-wasm/crates/biometric-system'),
    '/models/': paths.models(),
    '/human/': join(packages, '@vladmandic/human'),
    '/face-api/': join(packages, '@vladmandic/face-api'),
    '/tfjs-backend-wasm/': join(packages, '@tensorflow/tfjs-backend-wasm'),
    ...(PAIRS === undefined ? {} : { '/pictures/': PAIRS }),
  };
}

/** Fresh pages; every frame by each library in turn, so that whatever else the machine does hits all alike. */
async function round(browser: Browser, server: BenchServer): Promise<Round[]> {
  const rounds: Round[] = [];
  const contestants: Contestant[] = [];
  for (const name of [...NAMES, ...ALSO]) {
    const contestant = await Contestant.load(browser, server, name);
    const first = await contestant.look(0);
    contestants.push(contestant);
    rounds.push({
      name,
      loadMs: contestant.loadMs,
      firstMs: first.ms,
      fetched: contestant.fetched,
      looks: [],
      stages: [],
      pageBytes: 0,
      peakBytes: undefined,
      wasmBytes: 0,
    });
  }
  for (let frame = 0; frame < FRAMES; frame += 1) {
    for (const [index, contestant] of contestants.entries())
      rounds[index]?.looks.push(await contestant.look(frame));
  }
  for (const [index, contestant] of contestants.entries()) {
    const result = rounds[index];
    if (result === undefined) continue;
    result.peakBytes = contestant.peakResident();
    result.wasmBytes = Math.max(...result.looks.map(({ wasmBytes }) => wasmBytes));
    result.pageBytes = await contestant.pageMemory();
    if (contestant.name.startsWith('mien'))
      for (let frame = 0; frame < FRAMES; frame += 4) result.stages.push(await contestant.stages(frame));
    await contestant.close();
  }
  return rounds;
}

async function verify(browser: Browser, server: BenchServer, folder: string, name: Name) {
  const pairs = readPairs(folder, COUNT);
  const urls = pairs.map(({ a, b }): [string, string] => [`/pictures/${a}`, `/pictures/${b}`]);
  const contestant = await Contestant.load(browser, server, name);
  for (const url of new Set(urls.flat())) await contestant.describe(url);
  const distances = await contestant.distances(urls);
  await contestant.close();
  return accuracy(pairs, distances);
}

test('face', async () => {
  const half = Math.ceil(FRAMES / 2);
  const frames = [
    ...framesOf('cap12', half, Math.floor(180 / half)),
    ...framesOf('franck', FRAMES - half, Math.floor(120 / half)),
  ];
  const server = new BenchServer(places(), frames);
  await server.start();
  const browser = await chromium.launch({
    executablePath: paths.chromium(),
    headless: true,
    args: ['--headless=new', '--no-sandbox', '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  try {
    const contest: Contest = { browser: browser.version(), rounds: [], growth: undefined, accuracy: {} };
    // The server compresses each file once; nobody's load shall wait for that.
    for (const name of [...NAMES, ...ALSO]) await (await Contestant.load(browser, server, name)).close();
    for (let number = 0; number < ROUNDS; number += 1) contest.rounds.push(...(await round(browser, server)));
    if (LOOKS > 0) {
      const ours = await Contestant.load(browser, server, 'mien');
      contest.growth = await ours.looks(FRAMES, LOOKS);
      await ours.close();
    }
    if (PAIRS !== undefined) {
      // Time does not matter here.
      const all = NAMES.map(async (name) => {
        contest.accuracy[name] = await verify(browser, server, PAIRS, name);
      });
      await Promise.all(all);
    }
    mkdirSync(paths.artefacts, { recursive: true });
    writeFileSync(join(paths.artefacts, 'bench-face.json'), JSON.stringify(contest, null, 2));
    writeFileSync(join(paths.artefacts, 'bench-face.md'), table(contest, [...NAMES, ...ALSO]));
    expect(contest.rounds.length).toBe(ROUNDS * (NAMES.length + ALSO.length));
  } finally {
    await browser.close();
    server.stop();
  }
});
