// Shows the screen that the address names; the newest navigation wins; the new heading gets the focus.

import { Problem } from './api/problem';
import type { App } from './app';
import { errorText } from './error-text';
import { parseRoute } from './route';
import { account } from './screens/account';
import { confirmDeletion } from './screens/confirm-deletion';
import { createAccount } from './screens/create-account';
import { deleted } from './screens/deleted';
import { failure } from './screens/failure';
import { gone } from './screens/gone';
import { privacy } from './screens/privacy';
import { welcome } from './screens/welcome';

/** `root` is the page's `main`; `announce` tells a screen reader which screen came. */
export function startRouter(app: App, root: HTMLElement) {
  let turn = 0;
  let first = true;
  const show = async () => {
    turn += 1;
    const mine = turn;
    const screen = await build(app, () => void show());
    if (mine !== turn || !screen) return;
    root.replaceChildren(screen);
    const title = screen.querySelector('h1');
    document.title = title?.textContent ? `${title.textContent} \u00b7 Mien` : 'Mien';
    scrollTo(0, 0);
    // The first screen leaves the focus at the top of the page, where a reader starts.
    if (!first) focusWhenFree(title);
    first = false;
  };
  addEventListener('hashchange', () => void show());
  void show();
  return { again: () => void show() };
}

async function build(app: App, again: () => void): Promise<HTMLElement | null> {
  const route = parseRoute(location.hash);
  try {
    switch (route.screen) {
      case 'welcome':
        return welcome(app);
      case 'create':
        return createAccount(app);
      case 'account':
        return await account(app);
      case 'delete':
        return await confirmDeletion(app, route.target);
      case 'deleted':
        return deleted(app);
      case 'gone':
        return gone(app);
      case 'privacy':
        return await privacy(app);
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'not-signed-in') return failure(app, error, again);
    app.go('#/', errorText(error));
    return null;
  }
}

/** While a modal sheet is still leaving, the page behind is inert and takes no focus. */
function focusWhenFree(target: HTMLElement | null) {
  const open = document.querySelector<HTMLDialogElement>('dialog[open]');
  if (open) open.addEventListener('close', () => target?.focus({ preventScroll: true }), { once: true });
  else target?.focus({ preventScroll: true });
}
