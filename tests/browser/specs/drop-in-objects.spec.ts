// What `navigator.credentials` gives while the agent stands behind it: objects like the browser's own, with true contents.
import { expect, installed, test } from '../support/shop.ts';
import { LOOK_MS } from '../support/visitor.ts';

test('credentials are instances with inherited, read-only attributes, and their signatures verify', async ({
  phone,
}) => {
  test.setTimeout(4 * LOOK_MS);
  const ada = await phone.open();
  await installed(ada.page);
  const created = ada.page.evaluate(async () => {
    const publicKey: PublicKeyCredentialCreationOptions = {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { name: 'Shop' },
      user: { id: new Uint8Array([7, 7]), name: 'ada', displayName: 'Ada' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      attestation: 'direct',
      extensions: { credProps: true },
    };
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    Object.assign(globalThis, { made });
    const same = (read: () => unknown) => new Set([read(), read()]).size === 1;
    const readOnly = (target: object, names: string[]) =>
      names.filter((name) => Object.hasOwn(target, name) || Reflect.set(target, name, 1));
    return {
      classes: [String(made), String(response)],
      instances: [
        made instanceof PublicKeyCredential && made instanceof Credential,
        response instanceof AuthenticatorAttestationResponse && response instanceof AuthenticatorResponse,
        response instanceof AuthenticatorAssertionResponse,
      ],
      writable: [
        ...readOnly(made, ['id', 'rawId', 'type', 'response', 'authenticatorAttachment']),
        ...readOnly(response, ['clientDataJSON', 'attestationObject']),
      ],
      same: same(() => made.rawId) && same(() => response.attestationObject),
      type: made.type,
      attachment: made.authenticatorAttachment,
      results: made.getClientExtensionResults(),
      transports: response.getTransports(),
      algorithm: response.getPublicKeyAlgorithm(),
      json: made.toJSON() as unknown as { id: string; response: Record<string, unknown> },
      clientData: JSON.parse(new TextDecoder().decode(response.clientDataJSON)) as Record<string, unknown>,
      authenticatorDataBytes: response.getAuthenticatorData().byteLength,
    };
  });
  await ada.tapAgent('Agree and continue');
  const facts = await created;
  expect(facts.classes).toEqual([
    '[object PublicKeyCredential]',
    '[object AuthenticatorAttestationResponse]',
  ]);
  expect(facts.instances).toEqual([true, true, false]);
  expect(facts.writable).toEqual([]);
  expect(facts).toMatchObject({
    same: true,
    type: 'public-key',
    attachment: 'platform',
    results: { credProps: { rk: true } },
    transports: ['internal'],
    algorithm: -7,
    clientData: { type: 'webauthn.create', origin: ada.origins.relyingParty, crossOrigin: false },
  });
  expect(facts.authenticatorDataBytes).toBeGreaterThan(37);
  expect(Object.keys(facts.json.response).sort()).toEqual([
    'attestationObject',
    'authenticatorData',
    'clientDataJSON',
    'publicKey',
    'publicKeyAlgorithm',
    'transports',
  ]);

  const signed = ada.page.evaluate(async () => {
    const { made } = globalThis as unknown as { made: PublicKeyCredential };
    const challenge = crypto.getRandomValues(new Uint8Array(32));
    const allowCredentials = [{ type: 'public-key' as const, id: made.rawId }];
    const got = (await navigator.credentials.get({
      publicKey: { challenge, allowCredentials },
    })) as PublicKeyCredential;
    const { authenticatorData, clientDataJSON, signature, userHandle } =
      got.response as AuthenticatorAssertionResponse;
    const spki = (made.response as AuthenticatorAttestationResponse).getPublicKey();
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('spki', spki ?? new ArrayBuffer(0), ecdsa, false, ['verify']);
    const hash = await crypto.subtle.digest('SHA-256', clientDataJSON);
    const message = new Uint8Array([...new Uint8Array(authenticatorData), ...new Uint8Array(hash)]);
    // DER to the fixed form that WebCrypto takes.
    const der = new Uint8Array(signature);
    const number = (at: number) => {
      const length = der[at + 1] ?? 0;
      const digits = [...der.slice(at + 2, at + 2 + length)];
      return { end: at + 2 + length, digits: [...new Array(32).fill(0), ...digits].slice(-32) };
    };
    const r = number(2);
    const raw = new Uint8Array([...r.digits, ...number(r.end).digits]);
    return {
      name: String(got.response),
      instance: got.response instanceof AuthenticatorAssertionResponse,
      sameCredential: got.id === made.id,
      user: [...new Uint8Array(userHandle ?? new ArrayBuffer(0))],
      verified: await crypto.subtle.verify(ecdsa, key, raw, message),
      otherMessage: await crypto.subtle.verify(ecdsa, key, raw, message.slice(1)),
    };
  });
  expect(await signed).toEqual({
    name: '[object AuthenticatorAssertionResponse]',
    instance: true,
    sameCredential: true,
    user: [7, 7],
    verified: true,
    otherMessage: false,
  });
});

test('errors are the exceptions that the specification names', async ({ phone }) => {
  const ada = await phone.open();
  await installed(ada.page);
  const told = await ada.page.evaluate(async () => {
    const good = {
      challenge: new Uint8Array(32),
      rp: { name: 'Shop' },
      user: { id: new Uint8Array([1]), name: 'ada', displayName: 'Ada' },
      pubKeyCredParams: [{ type: 'public-key' as const, alg: -7 }],
    };
    const ending = (asked: Promise<unknown>) =>
      asked.then(
        () => 'resolved',
        (error: Error) => `${error instanceof DOMException ? 'DOMException ' : ''}${error.name}`,
      );
    const create = (change: object) =>
      ending(navigator.credentials.create({ publicKey: { ...good, ...change } }));
    const { challenge } = good;
    const get = (change: object) =>
      ending(navigator.credentials.get({ publicKey: { challenge, ...change } }));
    const capabilities = await PublicKeyCredential.getClientCapabilities();
    return {
      foreign: await create({ rp: { name: 'Shop', id: 'other.example' } }),
      foreignGet: await get({ rpId: 'localhost.example' }),
      longUser: await create({ user: { ...good.user, id: new Uint8Array(65) } }),
      noChallenge: await create({ challenge: undefined }),
      algorithm: await create({ pubKeyCredParams: [{ type: 'public-key', alg: -257 }] }),
      nobody: await get({ allowCredentials: [{ type: 'public-key', id: new Uint8Array([1, 2, 3]) }] }),
      platform: await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
      capabilities: [
        capabilities['userVerifyingPlatformAuthenticator'],
        capabilities['relatedOrigins'],
        capabilities['extension:credProps'],
        capabilities['extension:largeBlob'],
      ],
    };
  });
  expect(told).toEqual({
    foreign: 'DOMException SecurityError',
    foreignGet: 'DOMException SecurityError',
    longUser: 'TypeError',
    noChallenge: 'TypeError',
    algorithm: 'DOMException NotSupportedError',
    nobody: 'DOMException NotAllowedError',
    platform: true,
    capabilities: [true, false, true, false],
  });
  await ada.expectCameraNeverOn();
});
