import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Guidance } from '../worker-protocol';
import { announcer } from './announcer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Pushes each guidance for as long as it says, thirty times a second. */
function heard(...lasting: [Guidance, number][]): string[] {
  const texts: string[] = [];
  const { push } = announcer((text) => texts.push(text));
  for (const [guidance, ms] of lasting) {
    for (let at = 0; at < ms; at += 33) {
      push(guidance);
      vi.advanceTimersByTime(33);
    }
  }
  return texts;
}

test('what is to be done next is said at once, and once', () => {
  expect(heard(['turn-left', 500], ['good', 300], ['turn-left', 500], ['look-ahead', 40])).toEqual([
    'Turn your head to your left',
    'Look straight ahead',
  ]);
});

test('a hint is said only when it lasts', () => {
  expect(heard(['hold-still', 300], ['more-light', 300], ['hold-still', 300])).toEqual([]);
  expect(heard(['hold-still', 1_000], ['more-light', 1_000])).toEqual(['Hold still']);
  expect(heard(['hold-still', 1_000], ['more-light', 3_000])).toHaveLength(2);
});

test('good is silence', () => {
  expect(heard(['good', 5_000])).toEqual([]);
});

test('nothing is said after the end', () => {
  const say = vi.fn();
  const { push, stop } = announcer(say);
  push('hold-still');
  stop();
  vi.advanceTimersByTime(5_000);
  expect(say).not.toHaveBeenCalled();
});
