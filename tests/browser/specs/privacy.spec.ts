// Every request of a whole run, searched: no picture, no feature, no score leaves the browser.
import type { Recorded } from '../support/recorder.ts';
import { LOOK_MS } from '../support/visitor.ts';
import { expect, test } from '../support/world.ts';

/**
 * Everything that a request's body may hold, with the most characters that each member needs. There is no room for
 * 128 numbers of a face anywhere, whatever their encoding.
 */
const MEMBERS: Record<string, number> = {
  username: 64,
  displayName: 64,
  id: 43,
  rawId: 43,
  type: 10,
  authenticatorAttachment: 8,
  clientExtensionResults: 0,
  credProps: 0,
  uvm: 0,
  rk: 5,
  response: 0,
  clientDataJSON: 260,
  // Attestation "none" with authenticator data of 37 + 16 + 2 + 32 + 77 bytes and, of presentation attack detection,
  // the names of two layers and a digest in 81 bytes, of `uvm` 9 and of `credProtect` 13; as base64url.
  attestationObject: 398,
  authenticatorData: 356,
  publicKey: 122,
  publicKeyAlgorithm: 2,
  transports: 8,
  signature: 96,
  userHandle: 22,
  credentialId: 43,
  all: 4,
};

test('nothing of a face leaves the browser, from the first visit to the deletion', async ({
  phone,
  recorder,
  camera,
  server,
}) => {
  test.setTimeout(4 * LOOK_MS);
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  camera.sit('other');
  await ada.beginSignIn();
  await expect(ada.prompt('refused')).toBeVisible({ timeout: LOOK_MS });
  camera.sit('far');
  await ada.tapAgent('Try again');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  await ada.tap(ada.link('Delete everything'));
  await ada.tap(ada.button('Delete everything'));
  await expect(ada.heading('Deleted')).toBeVisible();
  await phone.close();

  expect(recorder.foreign, 'requests to strangers').toEqual([]);
  const ours = recorder.requests.filter(
    ({ url }) => url.startsWith(server.relyingParty) || url.startsWith(server.agent),
  );
  // The run is worth searching only if it is all there.
  const paths = ours.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  for (const call of [
    'registration/options',
    'registration/result',
    'authentication/result',
    'deregistration',
  ]) {
    expect(paths).toContain(`POST /api/${call}`);
  }
  expect(paths.some((path) => path.startsWith('GET /models/'))).toBe(true);
  for (const request of ours) expect(objections(request), `${request.method} ${request.url}`).toEqual([]);
});

test('the search finds what it is there to find', () => {
  const sent = (url: string, body: string): Recorded => ({
    method: 'POST',
    url,
    headers: '',
    body: Buffer.from(body),
    status: 200,
    received: 0,
    answer: Buffer.alloc(0),
  });
  const at = 'http://localhost:1/api/authentication/result';
  expect(objections(sent(at, '{"id":"abc","response":{"signature":"AA"}}'))).toEqual([]);
  expect(objections(sent(at, '{"score":0.61}'))).not.toEqual([]);
  expect(objections(sent(at, `{"id":"${'A'.repeat(171)}"}`))).not.toEqual([]);
  expect(objections(sent(at, '{"all":[0.1,0.2,0.3]}'))).not.toEqual([]);
  expect(objections(sent(at, '{"uvm":[[16,1,1]]}'))).toEqual([]);
  expect(objections(sent(at, '{"uvm":[[16,1,1],[9,9,9]]}'))).not.toEqual([]);
  expect(objections(sent(at, '\u0089PNG\r\n'))).not.toEqual([]);
  expect(objections(sent('http://localhost:1/x?f=0.12,0.5', ''))).not.toEqual([]);
  expect(
    objections({ ...sent('http://localhost:1/x', ''), headers: `x-data\n${'A'.repeat(600)}` }),
  ).not.toEqual([]);
});

function objections({ method, url, headers, body }: Recorded): string[] {
  const found: string[] = [];
  const { pathname, search } = new URL(url);
  // Model files are named with the beginning of their digest.
  if (search !== '' && !(pathname.startsWith('/models/') && /^\?[0-9a-f]{16}$/.test(search)))
    found.push(`query ${search}`);
  if (headers.split('\n').some((line) => line.length > 512)) found.push('a long header');
  if (body.length > 0 && (method === 'GET' || method === 'HEAD')) found.push('a body where none belongs');
  if (body.length === 0) return found;
  try {
    walk(JSON.parse(body.toString('utf8')), '', found);
  } catch {
    found.push('a body that is not JSON');
  }
  return found;
}

/** Verified by face, key and matcher in software: the same of everybody (extension `uvm`). */
const SAME_OF_ALL = '[[16,1,1]]';

function walk(value: unknown, name: string, found: string[]): void {
  if (name === 'uvm') {
    if (JSON.stringify(value) !== SAME_OF_ALL) found.push('another uvm');
  } else if (Array.isArray(value)) {
    if (name !== 'transports') found.push(`a list in ${name}`);
    for (const part of value) walk(part, name, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, part] of Object.entries(value)) {
      if (!(member in MEMBERS)) found.push(`member ${member}`);
      walk(part, member, found);
    }
  } else if (typeof value === 'number') {
    if (!Number.isInteger(value)) found.push(`a fraction in ${name}`);
  } else if (String(value).length > (MEMBERS[name] ?? 0)) {
    found.push(`${name} of ${String(value).length} characters`);
  }
}
