// How the end-to-end tests run: one after the other, because each one plays a face to a model on two cores.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  outputDir: 'artefacts/traces',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // A test that was left out must be visible as such.
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'artefacts/results.json' }]],
});
