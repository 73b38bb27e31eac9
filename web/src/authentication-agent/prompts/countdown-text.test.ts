import { expect, test } from 'vitest';
import { countdownText } from './countdown-text';

test.each([
  [30_000, '30 s'],
  [29_001, '30 s'],
  [60_000, '1:00 min'],
  [125_000, '2:05 min'],
  [3_600_000, '1 h 0 min'],
  [0, 'You can try again now.'],
  [-5, 'You can try again now.'],
])('%d ms is %s', (ms, text) => {
  expect(countdownText(ms)).toBe(text);
});
