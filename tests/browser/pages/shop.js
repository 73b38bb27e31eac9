// A page as its author wrote it for SimpleWebAuthn: it knows nothing of Mien.
import { startAuthentication, startRegistration } from '/simplewebauthn/index.js';

const told = document.querySelector('#told');

on('register', async () => {
  const { publicKey } = await post('/api/registration/options', { username: 'ada', displayName: 'Ada' });
  const response = await startRegistration({ optionsJSON: publicKey });
  const { username } = await post('/api/registration/result', response);
  return `registered ${username}`;
});

on('sign-in', async () => {
  const { publicKey } = await post('/api/authentication/options', {});
  const response = await startAuthentication({ optionsJSON: publicKey });
  const { username } = await post('/api/authentication/result', response);
  return `signed in ${username}`;
});

function on(id, run) {
  document.querySelector(`#${id}`).addEventListener('click', async () => {
    told.textContent = '';
    try {
      told.textContent = await run();
    } catch (error) {
      told.textContent = `${error.name}: ${error.code ?? ''}`;
    }
  });
}

async function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
