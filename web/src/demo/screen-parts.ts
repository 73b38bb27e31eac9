// The parts that screens are made of: the frame, notices, buttons that wait for their work.
import { element } from '../common/element';
import { icon } from '../common/icon';
import type { App } from './app';
import { errorText, type Words } from './error-text';

/** A screen's frame: content that scrolls, actions at the bottom, in between whatever went wrong. */
export interface Frame {
  readonly element: HTMLElement;
  /** Runs one thing at a time; buttons rest meanwhile; a failure becomes a notice. */
  run(task: () => Promise<void>): Promise<void>;
  tell(words: Words): void;
  busy(): boolean;
}

/** `testId` names the screen for the end-to-end tests. */
export function frame(
  app: App,
  testId: string,
  content: readonly (Node | null)[],
  actions: readonly (Node | null)[],
): Frame {
  const notices = element('div', { class: 'notices', role: 'alert' });
  const screen = element(
    'section',
    { class: 'screen', 'data-testid': testId },
    element('div', { class: 'content' }, ...content),
    notices,
    element('div', { class: 'actions' }, ...actions),
  );
  const tell = (words: Words) => notices.replaceChildren(noticeCard(words));
  const left = app.takeNotice();
  if (left) tell(left);

  let busy = false;
  const setBusy = (now: boolean) => {
    busy = now;
    screen.setAttribute('aria-busy', String(now));
    for (const button of screen.querySelectorAll('button')) button.disabled = now;
  };
  return {
    element: screen,
    tell,
    busy: () => busy,
    async run(task) {
      if (busy) return;
      notices.replaceChildren();
      const focused = document.activeElement;
      setBusy(true);
      try {
        await task();
      } catch (error) {
        tell(errorText(error));
      } finally {
        setBusy(false);
        // A disabled button loses the focus; who stays on this screen gets it back.
        if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true });
      }
    },
  };
}

function noticeCard({ title, text }: Words): HTMLElement {
  return element(
    'div',
    { class: 'notice-card', 'data-testid': 'notice' },
    icon('warning'),
    element('div', {}, element('p', { class: 'notice-title' }, title), element('p', {}, text)),
  );
}

/** The screen's one heading; the focus goes here. */
export const heading = (text: string) => element('h1', { tabindex: -1 }, text);

/** A button of a frame. */
export function button(
  label: string,
  weight: 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger primary',
  testId: string,
  onclick: () => void,
  glyph?: Parameters<typeof icon>[0],
): HTMLButtonElement {
  return element(
    'button',
    { type: 'button', class: `button ${weight}`, 'data-testid': testId, onclick },
    glyph ? icon(glyph) : null,
    label,
  );
}

/** A link in the shape of a button. */
export function linkButton(label: string, weight: string, href: string, testId: string): HTMLAnchorElement {
  return element('a', { class: `button ${weight}`, href, 'data-testid': testId }, label);
}

/** The way back, at the top of a screen. */
export const backLink = (href: string, label = 'Back') =>
  element('a', { class: 'back', href, 'data-testid': 'back' }, icon('back'), label);
