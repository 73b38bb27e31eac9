// The flows against a server, an agent and passkeys that the test scripts; the real ones run end to end in the browser.
import { expect, test } from 'vitest';
import type { CredentialJson } from '../../relying-party-agent/index';
import { MienError, type MienErrorCode } from '../../relying-party-agent/mien-error';
import { Problem } from '../api/problem';
import type { Credential } from '../api/server';
import { deregister } from './deregister';
import type { Ports } from './ports';
import { register } from './register';
import { signIn } from './sign-in';

const credential = (id: string, kind: Credential['kind'], current = false): Credential => ({
  credentialId: id,
  createdAt: 0,
  lastUsedAt: null,
  aaguid: '',
  kind,
  mode: null,
  device: '',
  current,
});

/** Ports in which all goes well, changed as the test wants; `log` is what was called. */
function setUp(change: { face?: Partial<Ports['face']>; server?: Partial<Ports['server']> } = {}) {
  const log: string[] = [];
  const note =
    <T>(name: string, value: T) =>
    async () => {
      log.push(name);
      return value;
    };
  const json: CredentialJson = { id: 'c' };
  const publicKey = { challenge: 'x' };
  const ports = {
    server: {
      registrationOptions: note('registration options', { publicKey }),
      registrationResult: note('registration result', { username: 'ann', credentialId: 'c' }),
      authenticationOptions: note('authentication options', { publicKey }),
      authenticationResult: note('authentication result', { username: 'ann' }),
      deregister: note('deregister', { deregistered: [{ credentialId: 'c', statement: 's' }] }),
      ...change.server,
    } as Ports['server'],
    face: {
      create: note('face create', json),
      get: note('face get', json),
      status: note('face status', { credentials: 1, consent: 1 }),
      erase: note('face erase', undefined),
      ...change.face,
    },
    passkey: { create: note('passkey create', json), get: note('passkey get', json) },
  };
  return { ports, log };
}

const failing = (code: MienErrorCode) => () => Promise.reject(new MienError(code));
const refusing =
  (code: Problem['code'], statement: string | null = null) =>
  async () => {
    throw new Problem(code, statement);
  };

test('register with the face: options, face, result', async () => {
  const { ports, log } = setUp();
  await expect(register(ports, 'ann', 'face')).resolves.toBe('ann');
  expect(log).toEqual(['registration options', 'face create', 'registration result']);
});

test('a passkey asked for inside the face check takes the same options', async () => {
  const { ports, log } = setUp({ face: { create: failing('fallback-requested') } });
  await register(ports, 'ann', 'face');
  expect(log).toEqual(['registration options', 'passkey create', 'registration result']);
});

test('a face check that was cancelled sends no result', async () => {
  const { ports, log } = setUp({ face: { create: failing('not-allowed') } });
  await expect(register(ports, 'ann', 'face')).rejects.toMatchObject({ code: 'not-allowed' });
  expect(log).toEqual(['registration options']);
});

test('an unknown credential with a statement is erased here', async () => {
  const { ports, log } = setUp({ server: { authenticationResult: refusing('unknown-credential', 'a.b.c') } });
  await expect(signIn(ports, 'face')).resolves.toEqual({ outcome: 'deregistered', erased: true });
  expect(log.at(-1)).toBe('face erase');
});

test('an unknown credential whose erasure fails is told as such', async () => {
  const { ports } = setUp({
    server: { authenticationResult: refusing('unknown-credential', 'a.b.c') },
    face: { erase: failing('security') },
  });
  await expect(signIn(ports, 'face')).resolves.toEqual({ outcome: 'deregistered', erased: false });
});

test('without a statement nothing is erased', async () => {
  const { ports, log } = setUp({ server: { authenticationResult: refusing('unknown-credential') } });
  await expect(signIn(ports, 'face')).rejects.toMatchObject({ code: 'unknown-credential' });
  expect(log).not.toContain('face erase');
});

test('deletion: the server first, then this browser', async () => {
  const { ports, log } = setUp();
  const done = await deregister(ports, 'ann', [credential('c', 'mien-face')], false);
  expect(log).toEqual(['deregister', 'face erase']);
  expect(done).toEqual({ server: 1, local: ['erased'], passkeys: 0 });
});

test('a server that fails leaves this browser alone', async () => {
  const { ports, log } = setUp({ server: { deregister: refusing('internal') } });
  await expect(deregister(ports, 'ann', [credential('c', 'mien-face')], false)).rejects.toMatchObject({
    code: 'internal',
  });
  expect(log).toEqual([]);
});

test.each([
  ['not-allowed', 'none-here'],
  ['unknown', 'failed'],
] as const)('an erasure that ends in %s is reported as %s', async (code, part) => {
  const { ports } = setUp({ face: { erase: failing(code) } });
  const done = await deregister(ports, 'ann', [credential('c', 'mien-face')], true);
  expect(done.local).toEqual([part]);
});

test('a passkey is deleted at the server only', async () => {
  const { ports, log } = setUp();
  const done = await deregister(ports, 'ann', [credential('c', 'passkey')], false);
  expect(log).toEqual(['deregister']);
  expect(done).toEqual({ server: 1, local: [], passkeys: 1 });
});

test('a stale session signs in again with the current kind, then deletes', async () => {
  let calls = 0;
  const { ports, log } = setUp({
    server: {
      deregister: async () => {
        calls += 1;
        if (calls === 1) throw new Problem('session-stale');
        return { deregistered: [] };
      },
    },
  });
  await deregister(ports, 'ann', [credential('a', 'mien-face'), credential('b', 'passkey', true)], true);
  expect(log).toEqual(['authentication options', 'passkey get', 'authentication result']);
  expect(calls).toBe(2);
});
