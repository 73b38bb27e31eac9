import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttle } from './throttle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first value shows at once, then the newest when the time is up', () => {
  const shown: string[] = [];
  const words = throttle<string>((word) => shown.push(word), 500);
  words.push('a');
  words.push('b');
  words.push('c');
  expect(shown).toEqual(['a']);
  vi.advanceTimersByTime(499);
  expect(shown).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(shown).toEqual(['a', 'c']);
});

test('a value that comes back in time is not shown twice', () => {
  const shown: string[] = [];
  const words = throttle<string>((word) => shown.push(word), 500);
  for (const word of ['a', 'b', 'a']) words.push(word);
  vi.advanceTimersByTime(2_000);
  expect(shown).toEqual(['a']);
  words.push('b');
  expect(shown).toEqual(['a', 'b']);
});

test('nothing comes after stop', () => {
  const shown: string[] = [];
  const words = throttle<string>((word) => shown.push(word), 500);
  words.push('a');
  words.push('b');
  words.stop();
  vi.advanceTimersByTime(2_000);
  expect(shown).toEqual(['a']);
});
