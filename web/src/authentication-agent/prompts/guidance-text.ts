// Guidance in plain words, short enough to read at arm's length.
import type { Guidance } from '../worker-protocol';

const texts: Record<Guidance, string> = {
  'no-face': 'Bring your face into the circle',
  'several-faces': 'Only one face, please',
  'move-closer': 'Come a little closer',
  'move-back': 'Move back a little',
  'centre-face': 'Move into the middle',
  'more-light': 'Find a little more light',
  'less-light': 'Too bright: turn from the light',
  'hold-still': 'Hold still',
  'look-ahead': 'Look straight ahead',
  'turn-left': 'Turn your head to your left',
  'turn-right': 'Turn your head to your right',
  'look-up': 'Lift your chin a little',
  'frozen-picture': 'The picture does not move',
  good: 'Good, keep looking',
};

/** A word that this page does not know yet is no reason to show nothing. */
export function guidanceText(guidance: string): string {
  return Object.hasOwn(texts, guidance) ? texts[guidance as Guidance] : 'Look at the camera';
}
