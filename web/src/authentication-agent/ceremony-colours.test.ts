import { expect, test } from 'vitest';
import { step } from './ceremony';
import { type Effect, type Event, initialState, type State } from './ceremony-state';
import type { Colours } from './colours';
import type { FromWorker, Purpose } from './worker-protocol';

const worker = (message: FromWorker): Event => ({ kind: 'worker', message, now: 0 });
const user = (act: Extract<Event, { kind: 'user' }>['act']): Event => ({ kind: 'user', act });

function run(colours: Colours, purpose: Purpose, ...events: Event[]): { state: State; last: Effect[] } {
  const job = { requestId: '1', ceremony: 'get', origin: 'o', publicKey: '{}', timeoutMs: 1 } as const;
  const wanted: FromWorker = { kind: 'camera-wanted', purpose, needed: 2 };
  const start: Event[] = [{ kind: 'request', job, colours }, worker({ kind: 'ready' }), worker(wanted)];
  let state = initialState;
  let last: Effect[] = [];
  for (const event of [...start, ...events]) [state, ...last] = step(state, event);
  return { state, last };
}

const retry = (light: boolean): Effect => ({ do: 'tell-worker', message: { kind: 'retry', light } });

test('colours are told of before the camera opens, once, and before verifications only', () => {
  const told = run('unasked', 'verify');
  expect(told.state.prompt).toEqual({ at: 'colours' });
  expect(told.last).toEqual([]);
  for (const [colours, purpose] of [
    ['unasked', 'enrol'],
    ['on', 'verify'],
    ['off', 'verify'],
    ['never', 'verify'],
  ] as const) {
    expect(run(colours, purpose).last).toEqual([{ do: 'open-camera' }]);
  }
});

test('the worker may ask for colours unless the person or the system said no', () => {
  for (const [colours, light] of [
    ['unasked', true],
    ['on', true],
    ['off', false],
    ['never', false],
  ] as const) {
    const job = { requestId: '1', ceremony: 'get', origin: 'o', publicKey: '{}', timeoutMs: 1 } as const;
    const [state] = step(initialState, { kind: 'request', job, colours });
    const [, begin] = step(state, worker({ kind: 'ready' }));
    expect(begin).toMatchObject({ message: { kind: 'begin', light } });
  }
});

test('going on with colours opens the camera, going on without them asks the worker for such a look', () => {
  const on = run('unasked', 'verify', user('with-colours'));
  expect(on.last).toEqual([{ do: 'remember-colours', on: true }, { do: 'open-camera' }]);
  const off = run('unasked', 'verify', user('without-colours'));
  expect(off.last).toEqual([{ do: 'stop-camera' }, { do: 'remember-colours', on: false }, retry(false)]);
  expect(off.state).toMatchObject({ colours: 'off', prompt: { at: 'preparing' } });
});

test('colours can be switched off in the middle of a look, and on again after a refused one', () => {
  const capturing: Event = { kind: 'camera-open' };
  const refused = worker({ kind: 'refused', reason: 'no-match', waitMs: 0, triesLeft: 2 });
  expect(run('on', 'verify', capturing, user('without-colours')).last).toContainEqual(retry(false));
  expect(run('off', 'verify', capturing, refused, user('with-colours')).last).toContainEqual(retry(true));
  expect(run('never', 'verify', capturing, refused, user('with-colours')).last).toEqual([]);
  expect(run('off', 'verify', capturing, refused, user('retry')).last).toEqual([retry(false)]);
});

test('a late word on colours changes nothing', () => {
  const cancelled = run('on', 'verify', user('cancel'), user('without-colours'));
  expect(cancelled.last).toEqual([]);
  expect(run('on', 'verify', user('without-colours')).last).toEqual([]);
});
