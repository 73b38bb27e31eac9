// What every prompt is made of: a title that takes the focus, a middle that scrolls, actions within the thumb's reach.
import { element } from '../../common/element';
import type { Event, State } from '../ceremony-state';

export type UserAct = Extract<Event, { kind: 'user' }>['act'];

/** Tells the state machine what the person did. */
export type Act = (act: UserAct) => void;

/** A prompt on screen. */
export interface View {
  readonly element: HTMLElement;
  update?(state: State): void;
  dispose?(): void;
}

/** One button of a prompt. */
export interface Action {
  readonly act: UserAct;
  readonly label: string;
  readonly weight: 'primary' | 'secondary' | 'quiet' | 'danger';
}

/** `testId` names the prompt for the end-to-end tests. */
export function layout(
  testId: string,
  title: string,
  middle: readonly (Node | null)[],
  actions: readonly Action[],
  act: Act,
): HTMLElement {
  return element(
    'section',
    { class: 'prompt', 'data-testid': testId, 'aria-labelledby': 'prompt-title' },
    element(
      'div',
      { class: 'prompt-middle' },
      element('h1', { id: 'prompt-title', tabindex: -1 }, title),
      ...middle,
    ),
    element(
      'div',
      { class: 'prompt-actions' },
      ...actions.map(({ act: name, label, weight }) =>
        element(
          'button',
          {
            type: 'button',
            class: `button ${weight}`,
            'data-testid': `act-${name}`,
            onclick: () => act(name),
          },
          label,
        ),
      ),
    ),
  );
}
