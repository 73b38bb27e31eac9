import { expect, test } from 'vitest';
import { step } from './ceremony';
import { type Effect, type Event, initialState, type Job, type State } from './ceremony-state';
import type { Colours } from './colours';
import type { FromWorker } from './worker-protocol';

const job: Job = {
  requestId: '1',
  ceremony: 'create',
  origin: 'https://rp.example',
  publicKey: '{}',
  timeoutMs: 120_000,
};
const worker = (message: FromWorker, now = 0): Event => ({ kind: 'worker', message, now });
const user = (act: Extract<Event, { kind: 'user' }>['act']): Event => ({ kind: 'user', act });
const guidance = (word: 'good' | 'frozen-picture', captured = 0): FromWorker => ({
  kind: 'guidance',
  guidance: word,
  captured,
  needed: 5,
  face: null,
  light: null,
});
const request = (colours: Colours = 'never', requestId = '1'): Event => ({
  kind: 'request',
  job: { ...job, requestId },
  colours,
});

/** Runs events from the start; gives the last state and what each effect does, in order. */
function run(...events: Event[]): { state: State; effects: Effect[]; last: Effect[] } {
  let state = initialState;
  let last: Effect[] = [];
  const effects: Effect[] = [];
  for (const event of events) {
    [state, ...last] = step(state, event);
    effects.push(...last);
  }
  return { state, effects, last };
}

const toCapture: Event[] = [
  request(),
  worker({ kind: 'ready' }),
  worker({ kind: 'ask-consent', version: 1, rpId: 'rp.example', userName: 'ann' }),
  user('agree'),
  worker({ kind: 'camera-wanted', purpose: 'enrol', needed: 5 }),
  { kind: 'camera-open' },
];

test('the way through: load, begin, consent, camera, frames, credential', () => {
  const { state, effects } = run(
    ...toCapture,
    worker(guidance('good', 5)),
    worker({ kind: 'done', credential: '{"id":"abc"}' }),
  );
  expect(effects).toEqual([
    { do: 'arm-deadline', ms: 120_000 },
    { do: 'tell-worker', message: { kind: 'load' } },
    {
      do: 'tell-worker',
      message: {
        kind: 'begin',
        ceremony: 'create',
        origin: job.origin,
        publicKey: job.publicKey,
        light: false,
      },
    },
    { do: 'tell-worker', message: { kind: 'consent', version: 1 } },
    { do: 'open-camera' },
    { do: 'tell-worker', message: { kind: 'camera-ready' } },
    { do: 'feed-frames' },
    { do: 'arm-look-timer' },
    { do: 'arm-look-timer' },
    { do: 'stop-camera' },
    { do: 'answer', requestId: '1', ok: { id: 'abc' } },
  ]);
  expect(state).toMatchObject({ job: null, look: null, prompt: { at: 'done' }, models: { at: 'ready' } });
});

test('models that were preloaded are not loaded again', () => {
  const { effects, state } = run(
    { kind: 'preload' },
    { kind: 'preload' },
    worker({ kind: 'ready' }),
    request(),
  );
  expect(effects.filter((effect) => effect.do === 'tell-worker').map(({ message }) => message.kind)).toEqual([
    'load',
    'begin',
  ]);
  expect(state.prompt.at).toBe('preparing');
});

test('the camera opens only after consent', () => {
  const { effects } = run(...toCapture.slice(0, 3));
  expect(effects).not.toContainEqual({ do: 'open-camera' });
});

test('a second ceremony is refused and leaves the first alone', () => {
  const before = run(...toCapture);
  const { state, last } = run(...toCapture, request('never', '2'));
  expect(last).toEqual([{ do: 'refuse', requestId: '2', code: 'not-allowed' }]);
  expect(state).toEqual(before.state);
});

test.each([
  ['cancel', 'not-allowed'],
  ['passkey', 'fallback-requested'],
] as const)('%s puts the camera out, ends the worker and answers %s', (act, code) => {
  const { state, last } = run(...toCapture, user(act));
  expect(last).toEqual([
    { do: 'stop-camera' },
    { do: 'tell-worker', message: { kind: 'cancel' } },
    { do: 'refuse', requestId: '1', code },
  ]);
  expect(state).toMatchObject({ job: null, prompt: { at: 'idle' } });
});

test('an abort puts the camera out without an answer, and only for its own call', () => {
  const other = run(...toCapture, { kind: 'abort', requestId: '7' });
  expect(other.last).toEqual([]);
  expect(other.state.prompt.at).toBe('capturing');
  const { last } = run(...toCapture, { kind: 'abort', requestId: '1' });
  expect(last).toEqual([{ do: 'stop-camera' }, { do: 'tell-worker', message: { kind: 'cancel' } }]);
});

test('the deadline ends what runs, and nothing else', () => {
  expect(run({ kind: 'deadline' }).effects).toEqual([]);
  expect(run(...toCapture, { kind: 'deadline' }).last).toContainEqual({
    do: 'refuse',
    requestId: '1',
    code: 'not-allowed',
  });
});

test('a refusal puts the camera out; a retry asks the worker for a new look', () => {
  const refused = worker({ kind: 'refused', reason: 'no-match', waitMs: 0, triesLeft: 2 });
  const once = run(...toCapture, refused);
  expect(once.state.prompt).toEqual({ at: 'refused', triesLeft: 2 });
  expect(once.last).toEqual([{ do: 'stop-camera' }]);
  const again = run(
    ...toCapture,
    refused,
    user('retry'),
    worker({ kind: 'camera-wanted', purpose: 'verify', needed: 1 }),
  );
  expect(again.effects).toContainEqual({ do: 'tell-worker', message: { kind: 'retry', light: false } });
  expect(again.last).toEqual([{ do: 'open-camera' }]);
});

test('a wait says until when, even before any camera', () => {
  const { state } = run(
    ...toCapture.slice(0, 2),
    worker({ kind: 'refused', reason: 'wait', waitMs: 30_000, triesLeft: 0 }, 1_000),
  );
  expect(state.prompt).toEqual({ at: 'waiting', until: 31_000 });
});

test('a refused camera is tried again without the worker, a lost one with it', () => {
  const refused = run(
    ...toCapture.slice(0, 5),
    { kind: 'trouble', trouble: 'camera-refused' },
    user('retry'),
  );
  expect(refused.last).toEqual([{ do: 'open-camera' }]);
  const lost = run(...toCapture, { kind: 'trouble', trouble: 'camera-lost' }, user('retry'));
  expect(lost.last).toEqual([{ do: 'tell-worker', message: { kind: 'retry', light: false } }]);
});

test('a camera that opens after the end is put out', () => {
  const { last } = run(...toCapture.slice(0, 5), user('cancel'), { kind: 'camera-open' });
  expect(last).toEqual([{ do: 'stop-camera' }]);
});

test('a picture frozen for three seconds ends the look, a shorter one does not', () => {
  const start = worker(guidance('frozen-picture'), 1_000);
  expect(run(...toCapture, start, worker(guidance('frozen-picture'), 3_999)).state.prompt.at).toBe(
    'capturing',
  );
  const long = run(...toCapture, start, worker(guidance('frozen-picture'), 4_000));
  expect(long.state.prompt).toEqual({ at: 'trouble', trouble: 'frozen-picture' });
  expect(long.last).toEqual([{ do: 'stop-camera' }]);
  const moved = run(
    ...toCapture,
    start,
    worker(guidance('good'), 2_000),
    worker(guidance('frozen-picture'), 4_500),
  );
  expect(moved.state.prompt.at).toBe('capturing');
});

test('models that fail can be asked for again', () => {
  const failed = run(request(), worker({ kind: 'load-failed', code: 'digest' }));
  expect(failed.state.prompt).toEqual({ at: 'models-failed', code: 'digest' });
  const again = run(request(), worker({ kind: 'load-failed', code: 'digest' }), user('retry'));
  expect(again.last).toEqual([{ do: 'tell-worker', message: { kind: 'load' } }]);
});

test('a failed preload is tried again by the next request', () => {
  const { last } = run({ kind: 'preload' }, worker({ kind: 'load-failed', code: 'network' }), request());
  expect(last).toContainEqual({ do: 'tell-worker', message: { kind: 'load' } });
});

test('withdrawing consent puts the camera out first and then says how it went', () => {
  const { state, effects } = run(...toCapture, user('about-data'), user('withdraw'), {
    kind: 'withdrawn',
    ok: true,
  });
  expect(effects.slice(-3)).toEqual([
    { do: 'stop-camera' },
    { do: 'tell-worker', message: { kind: 'cancel' } },
    { do: 'withdraw-consent', origin: job.origin },
  ]);
  expect(state.prompt).toEqual({ at: 'withdrawn', ok: true });
});

test("a credential of a ceremony that was cancelled does not answer the next one's call", () => {
  const { effects } = run(
    ...toCapture,
    user('cancel'),
    request('never', '2'),
    worker({ kind: 'done', credential: '{}' }),
  );
  expect(effects.some((effect) => effect.do === 'answer')).toBe(false);
});

test('a credential that is no JSON is an error, not an answer', () => {
  const { last } = run(...toCapture, worker({ kind: 'done', credential: '{' }));
  expect(last).toEqual([{ do: 'stop-camera' }, { do: 'refuse', requestId: '1', code: 'unknown' }]);
});

test("the worker's own failure is passed on with its code", () => {
  const { last } = run(...toCapture, worker({ kind: 'failed', code: 'invalid-state' }));
  expect(last).toEqual([{ do: 'stop-camera' }, { do: 'refuse', requestId: '1', code: 'invalid-state' }]);
});

test('with several accounts the person says which, and the worker hears it', () => {
  const accounts = [
    { credentialId: 'one', userName: 'ann', displayName: 'Ann' },
    { credentialId: 'two', userName: 'bob', displayName: 'Bob' },
  ];
  const toChoice = [request(), worker({ kind: 'ready' })];
  const asked = run(...toChoice, worker({ kind: 'ask-account', accounts }));
  expect(asked.state.prompt).toEqual({ at: 'accounts', accounts });
  const chosen = run(...toChoice, worker({ kind: 'ask-account', accounts }), {
    kind: 'choose',
    credentialId: 'two',
  });
  expect(chosen.last).toEqual([{ do: 'tell-worker', message: { kind: 'choose', credentialId: 'two' } }]);
  expect(chosen.state.prompt).toEqual({ at: 'preparing' });
  expect(run(...toCapture, { kind: 'choose', credentialId: 'two' }).last).toEqual([]);
});

test('what the person can mend is told here and not to the site, and may be tried again', () => {
  const damaged = run(...toCapture, worker({ kind: 'failed', code: 'record-damaged' }));
  expect(damaged.state.prompt).toEqual({ at: 'blocked', block: 'record-damaged' });
  expect(damaged.last).toEqual([{ do: 'stop-camera' }]);
  const again = run(...toCapture, worker({ kind: 'failed', code: 'record-damaged' }), user('retry'));
  expect(again.last).toMatchObject([{ do: 'tell-worker', message: { kind: 'begin' } }]);
  const away = run(...toCapture, worker({ kind: 'failed', code: 'storage-full' }), user('cancel'));
  expect(away.last).toContainEqual({ do: 'refuse', requestId: '1', code: 'not-allowed' });
});

test('a credential that comes after the person turned away is dropped, and the next look begins anew', () => {
  const late = worker({ kind: 'done', credential: '{"id":"abc"}' });
  for (const away of [user('about-data'), { kind: 'trouble', trouble: 'camera-lost' } as const]) {
    const dropped = run(...toCapture, away, late);
    expect(dropped.last).toEqual([]);
    expect(dropped.state.job).toEqual(job);
    expect(dropped.state.prompt.at).not.toBe('done');
    const again = run(...toCapture, away, late, user('retry'));
    expect(again.last).toMatchObject([{ do: 'tell-worker', message: { kind: 'begin' } }]);
    // Without a late credential the same look goes on.
    const same = run(...toCapture, away, user('retry'));
    expect(same.last).toMatchObject([{ do: 'tell-worker', message: { kind: 'retry' } }]);
  }
});
