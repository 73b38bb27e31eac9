import { expect, test } from 'vitest';
import { progressText } from './progress-text';

test('a known size is told as a share', () => {
  const { fraction, text } = progressText({ at: 'loading', loaded: 9_777_600, total: 38_800_000 });
  expect(fraction).toBe(0.252);
  expect(text).toContain(': 25 %.');
});

test('an unknown size is no fraction', () => {
  expect(progressText({ at: 'loading', loaded: 5, total: 0 }).fraction).toBeNull();
  expect(progressText({ at: 'ready' }).fraction).toBeNull();
});

test('what is fetched is still checked', () => {
  expect(progressText({ at: 'loading', loaded: 12, total: 10 })).toEqual({
    fraction: 1,
    text: 'Checking what was fetched.',
  });
});
