// Node has no PublicKeyCredential: these run our own reading, as in a browser without the JSON methods.
import { expect, test } from 'vitest';
import { parseCreationOptions, parseRequestOptions } from './passkey-options';

const bytes = (source: BufferSource) => Array.from(source as Uint8Array);

test('creation options: bytes are decoded, the rest stays, our extensions go', () => {
  const options = parseCreationOptions({
    challenge: 'AQI',
    rp: { id: 'localhost', name: 'Demo' },
    user: { id: 'Aw', name: 'ann', displayName: 'Ann' },
    excludeCredentials: [{ type: 'public-key', id: 'BA', transports: ['internal'] }],
    extensions: { credProps: true, mienAuthenticationServer: { key: 'x' }, mienPad: true },
  });
  expect(bytes(options.challenge)).toEqual([1, 2]);
  expect(bytes(options.user.id)).toEqual([3]);
  expect(options.user.name).toBe('ann');
  expect(options.excludeCredentials?.map(({ id }) => bytes(id))).toEqual([[4]]);
  expect(options.extensions).toEqual({ credProps: true });
});

test('request options: no allow list becomes an empty one', () => {
  const options = parseRequestOptions({
    challenge: 'AQI',
    rpId: 'localhost',
    userVerification: 'required',
    extensions: { mienPad: true },
  });
  expect(bytes(options.challenge)).toEqual([1, 2]);
  expect(options.allowCredentials).toEqual([]);
  expect(options.userVerification).toBe('required');
  expect(options.extensions).toEqual({});
});

test('a challenge that is no base64url is refused', () => {
  expect(() => parseRequestOptions({ challenge: '***' })).toThrow();
});
