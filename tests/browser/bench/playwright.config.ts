// How the measurements run: alone, one after the other, and as often as they say themselves.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../artefacts/bench',
  workers: 1,
  retries: 0,
  timeout: 1_800_000,
  expect: { timeout: 60_000 },
  reporter: [['line']],
});
