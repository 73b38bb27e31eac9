// The modal sheet that shows the authentication agent's iframe while a ceremony runs.
import './sheet.css';

/** How long a finished ceremony's last picture stays, in milliseconds; the result is out already. */
const lingerMs = 550;

/** A dialog with the agent's iframe inside; created hidden, so that the agent can load early. */
export interface Sheet {
  readonly frame: HTMLIFrameElement;
  /** Makes the page behind inert and moves the focus into the agent. `onCancel`: Esc or the back gesture. */
  show(onCancel: () => void): void;
  /** Gives the focus back. A finished ceremony stays visible for a moment, the others go at once. */
  hide(finished: boolean): void;
  remove(): void;
}

/** Appends the sheet to the document. The agent's page is loaded at once. */
export function openSheet(agentOrigin: string, title: string): Sheet {
  const frame = document.createElement('iframe');
  frame.src = `${agentOrigin}/`;
  frame.allow = `camera ${agentOrigin}`;
  frame.referrerPolicy = 'no-referrer';
  frame.title = title;
  frame.className = 'mien-sheet-frame';

  const dialog = document.createElement('dialog');
  dialog.className = 'mien-sheet';
  dialog.dataset['testid'] = 'agent-sheet';
  dialog.setAttribute('aria-label', title);
  dialog.append(frame);
  document.body.append(dialog);

  let cancel = () => {};
  let closing: ReturnType<typeof setTimeout> | undefined;
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    cancel();
  });

  return {
    frame,
    show(onCancel) {
      clearTimeout(closing);
      cancel = onCancel;
      if (!dialog.open) dialog.showModal();
      frame.focus();
    },
    hide(finished) {
      cancel = () => {};
      clearTimeout(closing);
      if (finished) closing = setTimeout(() => dialog.close(), lingerMs);
      else dialog.close();
    },
    remove() {
      clearTimeout(closing);
      dialog.remove();
    },
  };
}
