import { expect, test } from 'vitest';
import { accountName } from './account-name';

test('a name is trimmed and composed', () => {
  expect(accountName('  Ann ')).toEqual({ name: 'Ann' });
  expect(accountName('Zoe\u0308')).toEqual({ name: 'Zo\u00eb' });
});

test.each(['', '   ', 'x'.repeat(65), 'a\u200bb', 'a\u202eb', 'a\nb'])(
  '%j is refused with a reason',
  (input) => {
    expect(accountName(input)).toHaveProperty('problem');
  },
);

test('64 characters outside the basic plane are not too many', () => {
  expect(accountName('\u{1d4d0}'.repeat(64))).toHaveProperty('name');
});
