import { expect, test } from 'vitest';
import { MienError } from './mien-error';

test('a known code keeps its name', () => {
  const error = MienError.fromCode('invalid-state');
  expect(error.code).toBe('invalid-state');
  expect(error.name).toBe('InvalidStateError');
  expect(error).toBeInstanceOf(Error);
});

test.each(['no-such-code', 'toString', '__proto__', 7, undefined, null])('%s becomes unknown', (code) => {
  const error = MienError.fromCode(code);
  expect(error.code).toBe('unknown');
  expect(error.cause).toBe(code);
});
