// Shows the prompt that the state asks for; a new prompt gets the focus, the same one is updated in place.
import { element } from '../../common/element';
import type { State } from '../ceremony-state';
import { aboutDataPrompt } from './about-data';
import { accountsPrompt } from './accounts';
import { busyPrompt } from './busy';
import { capturePrompt } from './capture';
import { coloursPrompt } from './colours';
import { consentPrompt } from './consent';
import { messagePrompt } from './message';
import { messageOf } from './message-of';
import type { Act, View } from './view';

/** The agent page's stage; `video` is the preview, which outlives the prompts. */
export interface Stage {
  readonly video: HTMLVideoElement;
  show(state: State): void;
}

/** `root` is the page's `main`. */
export function promptStage(root: HTMLElement, act: Act, choose: (credentialId: string) => void): Stage {
  const video = element('video', {
    playsinline: true,
    autoplay: true,
    'aria-hidden': 'true',
    class: 'preview',
  });
  // The property, not only the attribute: Safari starts a video by itself only if it is muted.
  video.muted = true;
  let shownKey = '';
  let view: View | undefined;
  return {
    video,
    show(state) {
      const key = keyOf(state);
      if (key !== shownKey) {
        shownKey = key;
        view?.dispose?.();
        view = build(state, video, act, choose);
        root.replaceChildren(...(view ? [view.element] : []));
        view?.element.querySelector('h1')?.focus();
      }
      view?.update?.(state);
    },
  };
}

function keyOf({ prompt }: State): string {
  switch (prompt.at) {
    case 'opening-camera':
    case 'capturing':
      return 'capture';
    case 'loading':
    case 'preparing':
    case 'withdrawing':
      return 'busy';
    case 'trouble':
      return `trouble ${prompt.trouble}`;
    case 'blocked':
      return `blocked ${prompt.block}`;
    case 'refused':
      return `refused ${prompt.triesLeft}`;
    default:
      return prompt.at;
  }
}

function build(
  state: State,
  video: HTMLVideoElement,
  act: Act,
  choose: (credentialId: string) => void,
): View | undefined {
  const { prompt } = state;
  switch (prompt.at) {
    case 'idle':
      return undefined;
    case 'loading':
    case 'preparing':
    case 'withdrawing':
      return busyPrompt(act);
    case 'accounts':
      return accountsPrompt(prompt, act, choose);
    case 'consent':
      return consentPrompt(prompt, act);
    case 'opening-camera':
    case 'capturing':
      return capturePrompt(video, state, act);
    case 'colours':
      return coloursPrompt(act);
    case 'about-data':
      return aboutDataPrompt(act);
    default:
      return messagePrompt(messageOf(prompt, state.colours), prompt, act);
  }
}
