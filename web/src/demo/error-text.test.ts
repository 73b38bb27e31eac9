import { expect, test } from 'vitest';
import { MienError } from '../relying-party-agent/mien-error';
import { Problem } from './api/problem';
import { errorText } from './error-text';

test('server and agent each have their words', () => {
  expect(errorText(new Problem('offline')).title).toBe('No connection');
  expect(errorText(new MienError('agent-unavailable')).title).toBe('The face check is not available');
});

test('an error that is neither shows none of its insides', () => {
  const { title, text } = errorText(new TypeError('x is not a function'));
  expect(`${title} ${text}`).not.toContain('function');
});
