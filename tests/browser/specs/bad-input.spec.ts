// Damage and tampering: a clear error, nothing lost, no half-registered account.
import { cpSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flipSealed, sealedRows } from '../support/agent-store.ts';
import * as paths from '../support/paths.ts';
import { Server } from '../support/server.ts';
import { LOOK_MS } from '../support/visitor.ts';
import { expect, Phone, test } from '../support/world.ts';

test('a damaged record is refused, kept, and works again when it is whole', async ({ phone, recorder }) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  recorder.clear();
  expect(await flipSealed(ada, 'credential/')).toBeGreaterThan(0);
  await ada.beginSignIn();
  await expect(ada.prompt('record-damaged')).toContainText('damaged', { timeout: LOOK_MS });
  await ada.keep('damaged-record');
  await ada.expectCameraOff();
  expect(recorder.requests.some(({ url }) => url.endsWith('/authentication/result'))).toBe(false);
  expect(await sealedRows(ada)).toContainEqual(expect.stringMatching(/^credential\//));

  await flipSealed(ada, 'credential/');
  await ada.signIn('Ada');
});

for (const [what, tamper] of [
  ['model', tamperedModels],
  ['WASM module', tamperedAgent],
] as const) {
  test(`a tampered ${what} is not used, and the true one is once it is back`, async ({
    folder,
    recorder,
    camera,
  }) => {
    let server = await Server.start(folder, tamper(folder));
    recorder.allow(server.relyingParty, server.agent);
    const phone = new Phone(join(folder, 'profile'), camera, recorder, server);
    try {
      const ada = await phone.open();
      await ada.visit('/create');
      await ada.page.getByLabel('Account name').fill('Ada');
      await ada.tap(ada.button('Continue with your face'));
      await expect(ada.prompt('models-failed')).toContainText('could not be loaded', { timeout: LOOK_MS });
      await ada.keep(`tampered-${what.toLowerCase().replace(' ', '-')}`);
      await ada.expectCameraNeverOn();
      expect(server.user('list')).toBe('');
      const { origins } = server;
      await server.stop();
      server = await Server.start(folder, { origins });
      await ada.page.reload();
      await ada.register('Ada');
    } finally {
      await phone.close();
      await server.stop();
    }
  });
}

test('a server that goes away in the middle leaves no half account', async ({ folder, recorder, camera }) => {
  let server = await Server.start(folder);
  recorder.allow(server.relyingParty, server.agent);
  const phone = new Phone(join(folder, 'profile'), camera, recorder, server);
  try {
    const ada = await phone.open();
    await ada.beginRegistration('Ada');
    const { origins } = server;
    await server.stop();
    await ada.tapAgent('Agree and continue');
    await expect(ada.page.getByTestId('notice')).toContainText('No connection', { timeout: LOOK_MS });
    await ada.keep('offline');
    await ada.expectCameraOff();
    server = await Server.start(folder, { origins });
    expect(server.user('list')).toBe('');
    await ada.register('Ada');
    expect(server.user('list').trim()).toBe('Ada');
  } finally {
    await phone.close();
    await server.stop();
  }
});

function tamperedModels(folder: string): { models: string } {
  const models = join(folder, 'models');
  // The folder may be a link to a shared one, which must not be spoilt.
  // Without the compressed forms, which would be served instead.
  const filter = (path: string) => !/\.(br|gz)$/.test(path);
  cpSync(paths.models(), models, { recursive: true, dereference: true, filter });
  for (const name of readdirSync(models).filter((each) => each.endsWith('.onnx')))
    flipByte(join(models, name));
  return { models };
}

function tamperedAgent(folder: string): { agentPages: string } {
  const agentPages = join(folder, 'agent');
  copyFolder(paths.pages('authentication-agent'), agentPages);
  const files = readdirSync(agentPages, { recursive: true, encoding: 'utf8' });
  const modules = files.filter((each) => each.endsWith('.wasm'));
  expect(modules.length).toBeGreaterThan(0);
  for (const name of modules) {
    flipByte(join(agentPages, name));
    for (const ending of ['br', 'gz']) rmSync(join(agentPages, `${name}.${ending}`), { force: true });
  }
  return { agentPages };
}

/** Copies what links point to, never the links: what is tampered with here must be a copy. */
function copyFolder(from: string, to: string): void {
  cpSync(realpathSync(from), to, { recursive: true, dereference: true });
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
  writeFileSync(path, bytes);
}
