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

test('a view gives its own part only, and what has no bytes is a TypeError', () => {
  const whole = Uint8Array.of(0, 0x66, 0);
  expect(toBase64url(whole.subarray(1, 2))).toBe('Zg');
  expect(toBase64url(new DataView(whole.buffer, 1, 1))).toBe('Zg');
  for (const odd of [undefined, null, 'Zg', [0x66]])
    expect(() => toBase64url(odd as unknown as ArrayBuffer)).toThrow(TypeError);
});

test.each(['a*b', 'Zg==', 'Zm+v', 'Zm/v', 'a', 'Zm9v '])('%j is refused', (text) => {
  expect(() => fromBase64url(text)).toThrow(expect.objectContaining({ name: 'EncodingError' }));
});
