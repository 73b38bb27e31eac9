import { expect, test } from 'vitest';
import { guidances } from '../worker-protocol';
import { guidanceText } from './guidance-text';

test('every guidance has words of its own', () => {
  const texts = guidances.map(guidanceText);
  expect(new Set(texts).size).toBe(guidances.length);
});

test('an unknown one has words too', () => {
  expect(guidanceText('stand-on-one-leg')).toBe('Look at the camera');
  expect(guidanceText('toString')).toBe('Look at the camera');
});
