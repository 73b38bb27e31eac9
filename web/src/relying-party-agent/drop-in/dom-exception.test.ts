import { expect, test } from 'vitest';
import { MienError, type MienErrorCode } from '../mien-error';
import { domException } from './dom-exception';

test.each([
  ['not-allowed', 'NotAllowedError'],
  ['fallback-requested', 'NotAllowedError'],
  ['invalid-state', 'InvalidStateError'],
  ['security', 'SecurityError'],
  ['not-supported', 'NotSupportedError'],
  ['constraint', 'ConstraintError'],
  ['unknown', 'UnknownError'],
  ['agent-unavailable', 'UnknownError'],
] as const)('%s becomes %s', (code: MienErrorCode, name) => {
  const error = domException(new MienError(code, { cause: 'a secret reason' }));
  expect(error).toBeInstanceOf(DOMException);
  expect(error.name).toBe(name);
  expect(`${error.message} ${error.cause} ${error.stack}`).not.toContain('secret');
});

test('options that cannot be read are a TypeError, and what is no error of ours is unknown', () => {
  expect(domException(new MienError('data'))).toBeInstanceOf(TypeError);
  expect(domException('odd').name).toBe('UnknownError');
  expect(domException(new Error('a secret reason')).message).not.toContain('secret');
});
