import { expect, test } from 'vitest';
import { cameraTrouble } from './camera-trouble';

test.each([
  [new DOMException('', 'NotAllowedError'), 'camera-refused'],
  [new DOMException('', 'SecurityError'), 'camera-refused'],
  [new DOMException('', 'NotFoundError'), 'camera-missing'],
  [new DOMException('', 'OverconstrainedError'), 'camera-missing'],
  [new TypeError('navigator.mediaDevices is undefined'), 'camera-missing'],
  [new DOMException('', 'NotReadableError'), 'camera-busy'],
  [new DOMException('', 'AbortError'), 'camera-busy'],
  ['odd', 'camera-busy'],
])('%s is %s', (error, trouble) => {
  expect(cameraTrouble(error)).toBe(trouble);
});
