// A prompt that is only a message; for a wait it counts down.
import { element } from '../../common/element';
import { sign } from '../../common/sign';
import { countdownText } from './countdown-text';
import type { Message, MessagePrompt } from './message-of';
import { type Act, layout, type View } from './view';

/** `prompt` gives the end of a wait. */
export function messagePrompt(message: Message, prompt: MessagePrompt, act: Act): View {
  const waits = prompt.at === 'waiting' ? countdown(prompt.until) : null;
  const section = layout(
    message.testId,
    message.title,
    [element('p', { class: 'lede centred' }, message.text), waits?.element ?? null],
    message.actions,
    act,
  );
  section.classList.add('message');
  section.querySelector('h1')?.before(sign(message.icon, message.tone));
  waits?.start(section.querySelector<HTMLButtonElement>('[data-testid="act-retry"]'));
  return { element: section, dispose: () => waits?.stop() };
}

/** The remaining time in words; the button comes to life when it is over. */
function countdown(until: number) {
  const left = element('p', { class: 'countdown', role: 'timer', 'data-testid': 'wait-left' });
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => clearInterval(timer);
  return {
    element: left,
    stop,
    start(button: HTMLButtonElement | null) {
      const tick = () => {
        const ms = until - Date.now();
        left.textContent = countdownText(ms);
        if (button) button.disabled = ms > 0;
        if (ms <= 0) stop();
      };
      timer = setInterval(tick, 250);
      tick();
    },
  };
}
