// Says guidance to screen readers: what the person must do next at once, everything else only when it lasts.
import type { Guidance } from '../worker-protocol';
import { guidanceText } from './guidance-text';

/** How long a hint must last before it is worth a word, and how long a sentence takes to be heard. */
const lastsMs = 900;
const heardMs = 2_500;

/** Steps of the look: the person waits for them. */
const steps: readonly Guidance[] = ['turn-left', 'turn-right', 'look-ahead'];

/** Each prompt is said once until another one was said; "good" is the silence between them. */
export function announcer(say: (text: string) => void) {
  let said: Guidance | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let next: Guidance | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(timer);
    next = undefined;
  };
  const tell = (guidance: Guidance) => {
    forget();
    said = guidance;
    saidAt = Date.now();
    say(guidanceText(guidance));
  };
  return {
    push(guidance: Guidance) {
      if (guidance === said || guidance === 'good') return forget();
      if (steps.includes(guidance)) return tell(guidance);
      if (guidance === next) return;
      forget();
      next = guidance;
      timer = setTimeout(() => tell(guidance), Math.max(lastsMs, saidAt + heardMs - Date.now()));
    },
    stop: forget,
  };
}
