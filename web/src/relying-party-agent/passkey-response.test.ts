import { expect, test } from 'vitest';
import { serialiseCredential } from './passkey-response';

const buffer = (...bytes: number[]) => Uint8Array.from(bytes).buffer;
const shell = { id: 'AQ', rawId: buffer(1), type: 'public-key', getClientExtensionResults: () => ({}) };

test("the browser's own toJSON is preferred", () => {
  const credential = {
    ...shell,
    toJSON: () => ({ id: 'from the browser' }),
  } as unknown as PublicKeyCredential;
  expect(serialiseCredential(credential)).toEqual({ id: 'from the browser' });
});

test('an assertion without toJSON', () => {
  const credential = {
    ...shell,
    authenticatorAttachment: 'platform',
    response: {
      clientDataJSON: buffer(2),
      authenticatorData: buffer(3),
      signature: buffer(4),
      userHandle: buffer(5),
    },
  } as unknown as PublicKeyCredential;
  expect(serialiseCredential(credential)).toEqual({
    id: 'AQ',
    rawId: 'AQ',
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: { clientDataJSON: 'Ag', authenticatorData: 'Aw', signature: 'BA', userHandle: 'BQ' },
  });
});

test('a registration without toJSON', () => {
  const credential = {
    ...shell,
    response: { clientDataJSON: buffer(2), attestationObject: buffer(6), getTransports: () => ['internal'] },
  } as unknown as PublicKeyCredential;
  expect(serialiseCredential(credential)).toMatchObject({
    response: { clientDataJSON: 'Ag', attestationObject: 'Bg', transports: ['internal'] },
  });
});
