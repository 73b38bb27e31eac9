import { expect, test } from 'vitest';
import { creationToJson, requestToJson } from './options-to-json';

const bytes = (...values: number[]) => Uint8Array.from(values);
const creation = () => ({
  challenge: bytes(1, 2).buffer,
  rp: { name: 'Shop', id: 'rp.example' },
  user: { id: bytes(9, 3, 9).subarray(1, 2), name: 'ada', displayName: 'Ada' },
  pubKeyCredParams: [{ type: 'public-key' as const, alg: -7 }],
});

test('bytes of a buffer and of a part of one become base64url, the rest stays', () => {
  const excludeCredentials = [{ type: 'public-key' as const, id: new DataView(bytes(4).buffer) }];
  expect(creationToJson({ ...creation(), timeout: 60_000, excludeCredentials })).toEqual({
    challenge: 'AQI',
    rp: { name: 'Shop', id: 'rp.example' },
    user: { id: 'Aw', name: 'ada', displayName: 'Ada' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    timeout: 60_000,
    excludeCredentials: [{ type: 'public-key', id: 'BA' }],
  });
});

test('bytes in extensions too, at any depth', () => {
  const extensions = { prf: { eval: { first: bytes(5) } }, mienPad: true };
  const options = { challenge: bytes(1), extensions } as PublicKeyCredentialRequestOptions;
  expect(requestToJson(options)).toEqual({
    challenge: 'AQ',
    extensions: { prf: { eval: { first: 'BQ' } }, mienPad: true },
  });
});

test.each(['rp', 'user', 'challenge', 'pubKeyCredParams'])('without %s it is a TypeError', (member) => {
  const options = { ...creation(), [member]: undefined } as unknown as PublicKeyCredentialCreationOptions;
  expect(() => creationToJson(options)).toThrow(TypeError);
});

test.each(['AQ', 7, null, [1]])('a challenge that is %j is a TypeError', (challenge) => {
  expect(() => requestToJson({ challenge } as unknown as PublicKeyCredentialRequestOptions)).toThrow(
    TypeError,
  );
});
