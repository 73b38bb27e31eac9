// The words and buttons of every prompt that is only a message.
import type { IconName } from '../../common/icon';
import type { Block, Prompt, Trouble } from '../ceremony-state';
import type { Colours } from '../colours';
import type { Action } from './view';

/** A message prompt. */
export interface Message {
  readonly testId: string;
  readonly icon: IconName;
  readonly tone: 'good' | 'plain' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly actions: readonly Action[];
}

export type MessagePrompt = Extract<
  Prompt,
  { at: 'models-failed' | 'refused' | 'waiting' | 'trouble' | 'blocked' | 'withdrawn' | 'done' }
>;

const again: Action = { act: 'retry', label: 'Try again', weight: 'primary' };
const passkey: Action = { act: 'passkey', label: 'Use a passkey', weight: 'secondary' };
const cancel: Action = { act: 'cancel', label: 'Cancel', weight: 'quiet' };
const withColours: Action = { act: 'with-colours', label: 'Try again with colours', weight: 'quiet' };
const withoutColours: Action = {
  act: 'without-colours',
  label: 'Try again without colours',
  weight: 'quiet',
};
const aboutData: Action = { act: 'about-data', label: 'Your face data', weight: 'quiet' };

const troubles: Record<Trouble, Pick<Message, 'icon' | 'title' | 'text'>> = {
  'camera-refused': {
    icon: 'camera-off',
    title: 'The camera is not allowed',
    text: 'To allow it, open the site settings beside the address, set Camera to Allow, then try again. You can also go on without a camera.',
  },
  'camera-missing': {
    icon: 'camera-off',
    title: 'No camera found',
    text: 'This device has no camera that the browser can use. Connect one and try again, or go on with a passkey.',
  },
  'camera-busy': {
    icon: 'camera-off',
    title: 'The camera does not start',
    text: 'Another app may be using it. Close that app and try again.',
  },
  'camera-lost': {
    icon: 'camera-off',
    title: 'The camera was disconnected',
    text: 'It stopped in the middle of the look. Nothing was signed. Check the camera and try again.',
  },
  'frozen-picture': {
    icon: 'camera',
    title: 'The picture does not move',
    text: 'The camera shows the same picture over and over. Nothing was signed. Look at the camera yourself and try again.',
  },
  'look-timeout': {
    icon: 'clock',
    title: 'That took too long',
    text: 'The camera is off again. Good light from the front and a steady hand help.',
  },
};

const blocked: Record<Block, Pick<Message, 'icon' | 'title' | 'text'>> = {
  'storage-blocked': {
    icon: 'warning',
    title: 'This browser keeps nothing here',
    text: 'Site data is blocked, as it is in some private windows. Allow it in the browser settings and try again. Nothing was changed.',
  },
  'storage-full': {
    icon: 'warning',
    title: 'No room left',
    text: 'The browser has no space for the sign-in. Free some space and try again. Nothing was changed.',
  },
  'storage-unavailable': {
    icon: 'warning',
    title: 'The sign-in could not be stored',
    text: 'The browser did not save it. Nothing was changed. Try again.',
  },
  'record-damaged': {
    icon: 'warning',
    title: 'The stored key is damaged',
    text: 'This browser cannot read it any more. Sign in another way, delete this sign-in in your account, and add your face again.',
  },
  'enrolment-failed': {
    icon: 'question',
    title: 'Your face was not learned',
    text: 'The last look did not match the pictures before it. Make sure that only you are in view, and try again. Nothing was stored.',
  },
  'camera-unusable': {
    icon: 'camera-off',
    title: 'The camera picture cannot be used',
    text: 'Its size or format is unusual. Another camera or browser may help. Nothing was changed.',
  },
};

/** Shown to the person only; what goes to the site is the code alone. */
export function messageOf(prompt: MessagePrompt, colours: Colours = 'never'): Message {
  switch (prompt.at) {
    case 'models-failed':
      if (prompt.code === 'browser-too-old')
        return {
          testId: 'prompt-browser-too-old',
          icon: 'cloud',
          tone: 'bad',
          title: 'This browser is too old for the face check',
          text: 'It lacks a part of WebAssembly that browsers have had since 2023. Update it, or use another. Nothing was changed.',
          actions: [passkey, cancel],
        };
      return {
        testId: 'prompt-models-failed',
        icon: 'cloud',
        tone: 'bad',
        title: 'The face check could not be loaded',
        text: `Check your connection and try again. Nothing was changed. (${prompt.code})`,
        actions: [again, passkey, cancel],
      };
    case 'refused':
      return {
        testId: 'prompt-refused',
        icon: 'question',
        tone: 'bad',
        title: 'That look did not work',
        // One refusal, whatever the reason: what helped an honest person would help the others too.
        text: `Turn your head the way the arrow asks, without haste, in even light and without glare on glasses. ${triesLeft(prompt.triesLeft)}`,
        actions: [again, ...colourChoice(colours), passkey, aboutData, cancel],
      };
    case 'waiting':
      return {
        testId: 'prompt-wait',
        icon: 'clock',
        tone: 'plain',
        title: 'A short break',
        text: 'Too many looks did not work. To keep your account safe, the next one has to wait.',
        actions: [again, passkey, aboutData, cancel],
      };
    case 'trouble':
      return {
        testId: `prompt-${prompt.trouble}`,
        tone: 'bad',
        ...troubles[prompt.trouble],
        actions: [again, passkey, cancel],
      };
    case 'blocked':
      return {
        testId: `prompt-${prompt.block}`,
        tone: 'bad',
        ...blocked[prompt.block],
        actions: [again, passkey, cancel],
      };
    case 'withdrawn':
      return {
        testId: 'prompt-withdrawn',
        icon: prompt.ok ? 'check' : 'warning',
        tone: prompt.ok ? 'good' : 'bad',
        title: prompt.ok ? 'Consent withdrawn' : 'Could not erase',
        text: prompt.ok
          ? 'Your face data and the key for this site are erased from this browser.'
          : 'This browser did not erase your data. You can remove it by clearing the site data in the browser settings.',
        actions: [{ act: 'cancel', label: 'Close', weight: 'primary' }],
      };
    case 'done':
      return {
        testId: 'prompt-done',
        icon: 'check',
        tone: 'good',
        title: 'Done',
        text: 'The camera is off.',
        actions: [],
      };
  }
}

/** Only where there is a choice: not where the system asks for reduced motion. */
function colourChoice(colours: Colours): readonly Action[] {
  if (colours === 'on') return [withoutColours];
  return colours === 'off' ? [withColours] : [];
}

function triesLeft(count: number): string {
  if (count <= 0) return 'The next look will have to wait.';
  return count === 1
    ? 'One more try before a wait.'
    : `${count === 2 ? 'Two' : count} more tries before a wait.`;
}
