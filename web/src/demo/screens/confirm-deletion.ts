// Asks before anything is deleted, and says what will go and what will stay.
import { element } from '../../common/element';
import { Problem } from '../api/problem';
import type { App } from '../app';
import { credentialCard } from '../credential-card';
import { deregister } from '../flows/deregister';
import { backLink, button, frame, heading, linkButton } from '../screen-parts';

/** `#/delete/<credential ID>` or `#/delete/all` */
export async function confirmDeletion(app: App, target: string): Promise<HTMLElement> {
  const { username } = await app.ports.server.session();
  const held = await app.ports.server.credentials();
  const all = target === 'all';
  const chosen = all ? held : held.filter(({ credentialId }) => credentialId === target);
  if (chosen.length === 0) throw new Problem('not-found');
  const last = chosen.length === held.length;

  const screen = frame(
    app,
    'screen-delete',
    [
      backLink('#/account'),
      heading(last ? 'Delete everything?' : 'Delete this sign-in?'),
      element('p', { class: 'lede' }, last ? lastText : oneText),
      element(
        'ul',
        { class: 'cards' },
        ...chosen.map((credential) => element('li', {}, credentialCard(credential, false))),
      ),
      element(
        'p',
        { class: 'small' },
        'If your last sign-in is a while ago, you are asked to confirm that it is you.',
      ),
    ],
    [
      button(last ? 'Delete everything' : 'Delete', 'danger primary', 'confirm-delete', () => void run()),
      linkButton('Keep it', 'secondary', '#/account', 'keep'),
    ],
  );

  const run = () =>
    screen.run(async () => {
      const outcome = await deregister(app.ports, username, chosen, all);
      app.deletion = { outcome, all: last };
      app.go('#/deleted');
    });
  return screen.element;
}

const lastText =
  'Your account, its name and every sign-in are deleted at the site. Face data and keys in this browser are erased. This cannot be undone.';
const oneText =
  'The site forgets it, and its face data and key are erased from this browser. Your account and other sign-ins stay.';
