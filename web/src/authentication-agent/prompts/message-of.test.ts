import { expect, test } from 'vitest';
import { blocks } from '../ceremony-state';
import { type MessagePrompt, messageOf } from './message-of';

const prompts: MessagePrompt[] = [
  { at: 'models-failed', code: 'network' },
  { at: 'models-failed', code: 'browser-too-old' },
  { at: 'refused', triesLeft: 2 },
  { at: 'waiting', until: 0 },
  { at: 'trouble', trouble: 'camera-refused' },
  { at: 'trouble', trouble: 'camera-missing' },
  { at: 'trouble', trouble: 'camera-busy' },
  { at: 'trouble', trouble: 'camera-lost' },
  { at: 'trouble', trouble: 'frozen-picture' },
  { at: 'trouble', trouble: 'look-timeout' },
  ...blocks.map((block) => ({ at: 'blocked', block }) as const),
  { at: 'withdrawn', ok: true },
  { at: 'withdrawn', ok: false },
];

test('each state has a title of its own and a way out', () => {
  const messages = prompts.map((prompt) => messageOf(prompt));
  expect(new Set(messages.map(({ title }) => title)).size).toBe(prompts.length);
  for (const { actions } of messages) expect(actions.map(({ act }) => act)).toContain('cancel');
});

test('every state in which no look is possible offers a passkey', () => {
  for (const prompt of prompts.filter(({ at }) => at !== 'withdrawn')) {
    expect(messageOf(prompt).actions.map(({ act }) => act)).toContain('passkey');
  }
});

test('the tries that are left are told', () => {
  expect(messageOf({ at: 'refused', triesLeft: 2 }).text).toContain('Two more tries');
  expect(messageOf({ at: 'refused', triesLeft: 1 }).text).toContain('One more try');
  expect(messageOf({ at: 'refused', triesLeft: 0 }).text).toContain('have to wait');
});

test('a refused look may be tried without colours, or with them again, and never against the system', () => {
  const acts = (colours: 'on' | 'off' | 'never') =>
    messageOf({ at: 'refused', triesLeft: 2 }, colours).actions.map(({ act }) => act);
  expect(acts('on')).toContain('without-colours');
  expect(acts('off')).toContain('with-colours');
  expect(acts('never').filter((act) => act.endsWith('colours'))).toEqual([]);
});
