// A new account: a name, then a look (or a passkey).
import { element } from '../../common/element';
import { accountName } from '../account-name';
import type { App } from '../app';
import type { Way } from '../flows/ports';
import { register } from '../flows/register';
import { backLink, button, frame, heading } from '../screen-parts';

/** `#/create` */
export function createAccount(app: App): HTMLElement {
  const problem = element('p', { class: 'field-problem', id: 'name-problem', 'data-testid': 'name-problem' });
  const input = element('input', {
    id: 'name',
    name: 'username',
    type: 'text',
    autocomplete: 'username webauthn',
    autocapitalize: 'words',
    spellcheck: 'false',
    enterkeyhint: 'go',
    required: true,
    'aria-describedby': 'name-problem name-hint',
    'data-testid': 'name',
  });
  const screen = frame(
    app,
    'screen-create',
    [
      backLink('#/'),
      heading('Create your account'),
      element(
        'p',
        { class: 'lede' },
        'Pick a name. Next, your device learns to recognise you; it asks you first.',
      ),
      element(
        'form',
        { class: 'field', novalidate: true, onsubmit: submit },
        element('label', { for: 'name' }, 'Account name'),
        input,
        problem,
        element(
          'p',
          { class: 'small', id: 'name-hint' },
          'Shown to you only. It need not be your real name.',
        ),
      ),
    ],
    [
      button('Continue with your face', 'primary', 'create-face', () => start('face'), 'face'),
      button('Use a passkey', 'quiet', 'create-passkey', () => start('passkey')),
    ],
  );
  input.addEventListener('input', () => show(''));

  function show(text: string) {
    problem.textContent = text;
    if (text === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  }

  function submit(event: Event) {
    event.preventDefault();
    start('face');
  }

  function start(way: Way) {
    const checked = accountName(input.value);
    if ('problem' in checked) {
      show(checked.problem);
      return input.focus();
    }
    void screen.run(async () => {
      await register(app.ports, checked.name, way);
      app.go('#/account');
    });
  }
  return screen.element;
}
