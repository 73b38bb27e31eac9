import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { capabilities, statics } from './statics';

const devices = (...kinds: string[]) => ({
  mediaDevices: { enumerateDevices: async () => kinds.map((kind) => ({ kind })) },
});

beforeEach(() => {
  vi.stubGlobal('location', { hostname: 'login.rp.example' });
  vi.stubGlobal('PublicKeyCredential', class {});
});
afterEach(() => vi.unstubAllGlobals());

type Async = (options?: unknown) => Promise<unknown>;
const made = (native: Parameters<typeof statics>[0] = {}) =>
  statics(native) as unknown as Record<string, Async>;

test('a platform authenticator is there with a camera, or when the browser has its own', async () => {
  const available = (native: boolean) =>
    made({ isUserVerifyingPlatformAuthenticatorAvailable: async () => native })[
      'isUserVerifyingPlatformAuthenticatorAvailable'
    ]?.();
  vi.stubGlobal('navigator', devices('audioinput', 'videoinput'));
  await expect(available(false)).resolves.toBe(true);
  vi.stubGlobal('navigator', devices('audioinput'));
  await expect(available(false)).resolves.toBe(false);
  await expect(available(true)).resolves.toBe(true);
  vi.stubGlobal('navigator', {});
  await expect(available(false)).resolves.toBe(false);
});

test('capabilities are what the agent can do, and of the browser what still goes there, in order', () => {
  const builtIn = {
    relatedOrigins: true,
    'extension:largeBlob': true,
    conditionalGet: true,
    signalUnknownCredential: true,
  };
  const told = capabilities(builtIn, true);
  expect(told).toEqual({
    conditionalCreate: false,
    conditionalGet: true,
    'extension:credProps': true,
    'extension:credentialProtectionPolicy': true,
    'extension:enforceCredentialProtectionPolicy': true,
    'extension:largeBlob': false,
    'extension:prf': true,
    'extension:uvm': true,
    hybridTransport: false,
    passkeyPlatformAuthenticator: true,
    relatedOrigins: false,
    signalUnknownCredential: true,
    userVerifyingPlatformAuthenticator: true,
  });
  expect(Object.keys(told)).toEqual([...Object.keys(told)].sort());
});

test('signal methods of the browser stay, missing ones check their arguments and do nothing', async () => {
  const own = async () => undefined;
  expect(made({ signalUnknownCredential: own })).not.toHaveProperty('signalUnknownCredential');
  const { signalUnknownCredential: unknown, signalAllAcceptedCredentials: all } = made();
  await expect(unknown?.({ rpId: 'rp.example', credentialId: 'AQ' })).resolves.toBeUndefined();
  await expect(unknown?.({ rpId: 'other.example', credentialId: 'AQ' })).rejects.toMatchObject({
    name: 'SecurityError',
  });
  await expect(unknown?.({ rpId: 'rp.example', credentialId: 'A+' })).rejects.toThrow(TypeError);
  await expect(unknown?.({ rpId: 'rp.example' })).rejects.toThrow(TypeError);
  const odd = { rpId: 'rp.example', userId: 'AQ', allAcceptedCredentialIds: ['AQ', '='] };
  await expect(all?.(odd)).rejects.toThrow(TypeError);
  await expect(all?.({ ...odd, allAcceptedCredentialIds: ['AQ'] })).resolves.toBeUndefined();
});
