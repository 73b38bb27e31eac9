import { expect, test } from 'vitest';
import { ticksFor } from './tick-ring';

test.each([
  [0, 0],
  [-1, 0],
  [Number.NaN, 0],
  [0.001, 1],
  [0.2, 14],
  [0.5, 36],
  [0.999, 71],
  [1, 72],
  [2, 72],
])('a fraction of %d fills %d ticks', (fraction, ticks) => {
  expect(ticksFor(fraction, 72)).toBe(ticks);
});
