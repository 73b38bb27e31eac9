// Which account is meant, when this browser has several for the asking site.
import { element } from '../../common/element';
import type { Prompt } from '../ceremony-state';
import { type Act, layout, type View } from './view';

/** One button an account, the one used last first. */
export function accountsPrompt(
  { accounts }: Extract<Prompt, { at: 'accounts' }>,
  act: Act,
  choose: (credentialId: string) => void,
): View {
  const section = layout(
    'prompt-accounts',
    'Who is signing in?',
    [
      element(
        'ul',
        { class: 'accounts' },
        ...accounts.map(({ credentialId, userName, displayName }) =>
          element(
            'li',
            {},
            element(
              'button',
              {
                type: 'button',
                class: 'button secondary',
                'data-testid': 'account',
                onclick: () => choose(credentialId),
              },
              displayName === '' ? userName : displayName,
              displayName === '' || displayName === userName
                ? null
                : element('span', { class: 'account-name' }, userName),
            ),
          ),
        ),
      ),
    ],
    [
      { act: 'cancel', label: 'Cancel', weight: 'secondary' },
      { act: 'passkey', label: 'Use a passkey', weight: 'quiet' },
    ],
    act,
  );
  return { element: section };
}
