// What others try: a copied assertion, a page on another origin, a page that pretends to be the relying party.
import { createServer, type Server as HttpServer } from 'node:http';
import { freePort } from '../support/server.ts';
import { expect, test } from '../support/world.ts';

test('a copied assertion is worth nothing a second time, in any browser', async ({
  phone,
  recorder,
  server,
  camera,
}) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  recorder.clear();
  camera.sit('far');
  await ada.signIn('Ada');
  const sent = recorder.requests.find(({ url }) => url.endsWith('/api/authentication/result'));
  expect(sent?.status).toBe(200);
  await ada.signOut();

  const body = sent?.body.toString() ?? '';
  const again = await ada.page.evaluate(async (copied) => {
    const answer = await fetch('/api/authentication/result', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: copied,
    });
    return answer.status;
  }, body);
  expect(again).toBeGreaterThanOrEqual(400);
  expect(await ada.session()).toBeNull();

  // Elsewhere, with a fresh ceremony of the thief's own.
  const headers = { 'content-type': 'application/json', origin: server.relyingParty };
  const options = await fetch(`${server.relyingParty}/api/authentication/options`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect(options.status).toBe(200);
  const cookie = options.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const elsewhere = await fetch(`${server.relyingParty}/api/authentication/result`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body,
  });
  expect(elsewhere.status).toBeGreaterThanOrEqual(400);
  expect(elsewhere.headers.getSetCookie().join()).not.toMatch(/session=[^;]/);
});

test('a page on another origin can neither embed the agent nor speak to it nor to the server', async ({
  phone,
  recorder,
  server,
}) => {
  const ada = await phone.open();
  await ada.register('Ada');
  const attacker = await serveAttacker();
  recorder.allow(attacker.origin);
  try {
    const page = await ada.page.context().newPage();
    await page.goto(attacker.origin);
    const embedded = await page.evaluate(async (agent) => {
      const frame = document.createElement('iframe');
      frame.src = `${agent}/`;
      frame.allow = 'camera';
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<string>((resolve) => {
        port1.onmessage = ({ data }) => resolve(JSON.stringify(data));
        setTimeout(() => resolve('silence'), 4000);
      });
      // Any target, so that only the receiver's own walls are tested.
      frame.contentWindow?.postMessage({ kind: 'mien-connect', version: 1 }, '*', [port2]);
      port1.postMessage({ requestId: '1', kind: 'status' });
      return answer;
    }, server.agent);
    expect(embedded).toBe('silence');
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${server.agent}/`);

    const opened = await page.evaluate(async (agent) => {
      const other = window.open(`${agent}/`);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<string>((resolve) => {
        port1.onmessage = ({ data }) => resolve(JSON.stringify(data));
        setTimeout(() => resolve('silence'), 3000);
      });
      other?.postMessage({ kind: 'mien-connect', version: 1 }, '*', [port2]);
      return answer;
    }, server.agent);
    expect(opened).toBe('silence');

    const called = await page.evaluate(async (relyingParty) => {
      const call = (path: string, method: string, mode: RequestMode) =>
        fetch(relyingParty + path, {
          method,
          mode,
          credentials: 'include',
          headers: mode === 'cors' ? { 'content-type': 'application/json' } : {},
          ...(method === 'GET' ? {} : { body: '{"all":true}' }),
        }).then(
          (answer) => `${answer.type} ${answer.status}`,
          () => 'refused by the browser',
        );
      return Promise.all([
        call('/api/credentials', 'GET', 'cors'),
        call('/api/deregistration', 'POST', 'cors'),
        call('/api/deregistration', 'POST', 'no-cors'),
      ]);
    }, server.relyingParty);
    expect(called.slice(0, 2)).toEqual(['refused by the browser', 'refused by the browser']);
    expect(server.user('list').trim()).toBe('Ada');
  } finally {
    attacker.server.close();
  }
});

test("the page may not read the agent's memory, storage or pictures", async ({ phone }) => {
  const ada = await phone.open();
  await ada.beginRegistration('Ada');
  const reached = await ada.page.evaluate(() => {
    const frame = document.querySelector('iframe');
    try {
      return String(frame?.contentWindow?.document.title);
    } catch (error) {
      return (error as DOMException).name;
    }
  });
  expect(reached).toBe('SecurityError');
  // What the agent keeps belongs to its own origin. (The camera's pictures do too: its stream lives in its document.)
  expect(await ada.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual(
    [],
  );
  expect(await ada.page.evaluate(async () => caches.keys())).toEqual([]);
});

async function serveAttacker(): Promise<{ server: HttpServer; origin: string }> {
  const port = await freePort();
  const server = createServer((_, answer) =>
    answer.setHeader('content-type', 'text/html').end('<title>Free prizes</title>'),
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, origin: `http://localhost:${port}` };
}
