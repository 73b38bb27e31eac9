import { expect, test } from 'vitest';
import { parseRequest } from './parse-request';

test('a create call is read with its options, and members nobody asked for are dropped', () => {
  const publicKey = { challenge: 'AA' };
  expect(parseRequest({ requestId: '1', kind: 'create', publicKey, origin: 'https://evil.example' })).toEqual(
    {
      requestId: '1',
      kind: 'create',
      publicKey,
    },
  );
});

test('every other kind is read', () => {
  expect(parseRequest({ requestId: '1', kind: 'status' })).toEqual({ requestId: '1', kind: 'status' });
  expect(parseRequest({ requestId: '1', kind: 'abort' })).toEqual({ requestId: '1', kind: 'abort' });
  expect(parseRequest({ requestId: '1', kind: 'erase', statement: 'a.b.c' })).toHaveProperty(
    'statement',
    'a.b.c',
  );
  const unknown = {
    requestId: '1',
    kind: 'signalUnknownCredential',
    rpId: 'r',
    credentialId: 'c',
    statement: 's',
  };
  expect(parseRequest(unknown)).toEqual(unknown);
  const all = {
    requestId: '1',
    kind: 'signalAllAcceptedCredentials',
    rpId: 'r',
    userId: 'u',
    allAcceptedCredentialIds: ['c'],
  };
  expect(parseRequest(all)).toEqual(all);
});

test.each([
  null,
  'create',
  [],
  {},
  { kind: 'status' },
  { requestId: 1, kind: 'status' },
  { requestId: '', kind: 'status' },
  { requestId: 'x'.repeat(65), kind: 'status' },
  { requestId: '1', kind: 'create' },
  { requestId: '1', kind: 'create', publicKey: '{}' },
  { requestId: '1', kind: 'get', publicKey: [] },
  { requestId: '1', kind: 'erase', statement: 7 },
  { requestId: '1', kind: 'signalUnknownCredential', rpId: 'r', credentialId: 'c' },
  {
    requestId: '1',
    kind: 'signalAllAcceptedCredentials',
    rpId: 'r',
    userId: 'u',
    allAcceptedCredentialIds: [1],
  },
  { requestId: '1', kind: 'toString' },
])('malformed message %j is refused', (message) => {
  expect(parseRequest(message)).toBeNull();
});
