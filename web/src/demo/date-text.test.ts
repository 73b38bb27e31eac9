import { expect, test } from 'vitest';
import { dateText } from './date-text';

test('text, seconds and milliseconds are the same moment', () => {
  const moment = '2026-11-22T12:00:00Z';
  const ms = Date.parse(moment);
  expect(dateText(ms, 'en')).toBe(dateText(moment, 'en'));
  expect(dateText(ms / 1000, 'en')).toBe(dateText(moment, 'en'));
  expect(dateText(moment, 'en')).toContain('2026');
});

test('anything else is unknown', () => {
  expect(dateText('yesterday')).toBe('unknown');
});
