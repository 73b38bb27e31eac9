import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './base64url';

test.each([
  // RFC 4648 section 10, without padding, and two bytes that need the URL alphabet.
  [[], ''],
  [[0x66], 'Zg'],
  [[0x66, 0x6f], 'Zm8'],
  [[0x66, 0x6f, 0x6f], 'Zm9v'],
  [[0xfb, 0xff], '-_8'],
])('%j is %s', (bytes, text) => {
  expect(toBase64url(Uint8Array.from(bytes).buffer)).toBe(text);
  expect(Array.from(fromBase64url(text))).toEqual(bytes);
});

test('other characters are refused', () => {
  expect(() => fromBase64url('a*b')).toThrow();
});
