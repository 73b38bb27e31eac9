// The agent page's state machine: (state, event) -> state and effects. It touches neither document nor camera.
import type { Effect, Event, Job, State } from './ceremony-state';
import { onWorkerMessage } from './ceremony-worker';
import { type Colours, mayShowColours } from './colours';

/** A step's result; the effects are carried out in their order. */
export type Step = readonly [State, ...Effect[]];

const idle = { job: null, look: null, prompt: { at: 'idle' } } as const;

/** One step. Events that the state does not expect change nothing. */
export function step(state: State, event: Event): Step {
  const { job, look, models, prompt } = state;
  switch (event.kind) {
    case 'preload':
      if (models.at !== 'unasked') return [state];
      return [{ ...state, models: startLoading }, tellLoad];
    case 'request':
      return onRequest({ ...state, colours: event.colours }, event.job, state);
    case 'abort':
      // The RP agent has let go of the call already: there is nobody left to answer.
      if (job?.requestId !== event.requestId) return [state];
      return [{ ...state, ...idle }, { do: 'stop-camera' }, tellCancel];
    case 'deadline':
      return end(state, 'not-allowed');
    case 'worker':
      return onWorkerMessage(state, event.message, event.now);
    case 'camera-open':
      if (!look || prompt.at !== 'opening-camera') return [state, { do: 'stop-camera' }];
      return [
        {
          ...state,
          look: { ...look, begun: true },
          prompt: {
            at: 'capturing',
            guidance: 'look-ahead',
            captured: 0,
            hasFace: false,
            light: null,
            frozenSince: null,
          },
        },
        { do: 'tell-worker', message: { kind: 'camera-ready' } },
        { do: 'feed-frames' },
        { do: 'arm-look-timer' },
      ];
    case 'trouble':
      if (prompt.at !== 'opening-camera' && prompt.at !== 'capturing') return [state];
      return [{ ...state, prompt: { at: 'trouble', trouble: event.trouble } }, { do: 'stop-camera' }];
    case 'withdrawn':
      if (prompt.at !== 'withdrawing') return [state];
      return [{ ...state, prompt: { at: 'withdrawn', ok: event.ok } }];
    case 'choose':
      if (prompt.at !== 'accounts') return [state];
      return [
        { ...state, prompt: { at: 'preparing' } },
        { do: 'tell-worker', message: { kind: 'choose', credentialId: event.credentialId } },
      ];
    case 'user':
      return job ? onUser(state, job, event.act) : [state];
  }
}

const startLoading = { at: 'loading', loaded: 0, total: 0 } as const;
const tellLoad: Effect = { do: 'tell-worker', message: { kind: 'load' } };
const tellCancel: Effect = { do: 'tell-worker', message: { kind: 'cancel' } };

function onRequest(state: State, job: Job, before: State): Step {
  // One ceremony at a time.
  if (state.job) return [before, { do: 'refuse', requestId: job.requestId, code: 'not-allowed' }];
  const deadline: Effect = { do: 'arm-deadline', ms: job.timeoutMs };
  const next = { ...state, job, look: null };
  if (state.models.at === 'ready')
    return [{ ...next, prompt: { at: 'preparing' } }, deadline, tellBegin(job, state.colours)];
  if (state.models.at === 'loading') return [{ ...next, prompt: { at: 'loading' } }, deadline];
  return [{ ...next, models: startLoading, prompt: { at: 'loading' } }, deadline, tellLoad];
}

/** The message that starts the ceremony in the worker. */
export function tellBegin({ ceremony, origin, publicKey }: Job, colours: Colours): Effect {
  const light = mayShowColours(colours);
  return { do: 'tell-worker', message: { kind: 'begin', ceremony, origin, publicKey, light } };
}

function onUser(state: State, job: Job, act: Extract<Event, { kind: 'user' }>['act']): Step {
  const { prompt } = state;
  switch (act) {
    case 'agree':
      if (prompt.at !== 'consent') return [state];
      return [
        { ...state, prompt: { at: 'preparing' } },
        { do: 'tell-worker', message: { kind: 'consent', version: prompt.version } },
      ];
    case 'cancel':
      return end(state, 'not-allowed');
    case 'passkey':
      return end(state, 'fallback-requested');
    case 'retry':
      return onRetry(state, job);
    case 'with-colours':
      return onColours(state, true);
    case 'without-colours':
      return onColours(state, false);
    case 'about-data':
      if (!['capturing', 'refused', 'waiting', 'trouble'].includes(prompt.at)) return [state];
      return [{ ...state, prompt: { at: 'about-data' } }, { do: 'stop-camera' }];
    case 'withdraw':
      if (prompt.at !== 'about-data') return [state];
      return [
        { ...state, look: null, prompt: { at: 'withdrawing' } },
        tellCancel,
        { do: 'withdraw-consent', origin: job.origin },
      ];
  }
}

function onRetry(state: State, job: Job): Step {
  const { prompt, look } = state;
  switch (prompt.at) {
    case 'models-failed':
      return [{ ...state, models: startLoading, prompt: { at: 'loading' } }, tellLoad];
    case 'blocked':
    case 'trouble':
    case 'about-data':
    case 'refused':
    case 'waiting':
      // The worker has ended the ceremony: it begins anew.
      if (!look) return [{ ...state, prompt: { at: 'preparing' } }, tellBegin(job, state.colours)];
      // A camera that never ran: the worker still waits for it.
      if (!look.begun) return [{ ...state, prompt: { at: 'opening-camera' } }, { do: 'open-camera' }];
      return [{ ...state, prompt: { at: 'preparing' } }, tellRetry(state.colours)];
    default:
      return [state];
  }
}

/** The person's word on colours: kept for the next time, and the look begins anew with or without them. */
function onColours(state: State, on: boolean): Step {
  const { colours, look, prompt } = state;
  if (!look || colours === 'never') return [state];
  const chosen = { ...state, colours: on ? 'on' : 'off' } as const;
  const remember: Effect = { do: 'remember-colours', on };
  if (prompt.at === 'colours' && on)
    return [{ ...chosen, prompt: { at: 'opening-camera' } }, remember, { do: 'open-camera' }];
  if (prompt.at !== 'colours' && prompt.at !== 'capturing' && prompt.at !== 'refused') return [state];
  return [
    { ...chosen, prompt: { at: 'preparing' } },
    { do: 'stop-camera' },
    remember,
    tellRetry(chosen.colours),
  ];
}

/** The message that asks the worker for another look at the same request. */
function tellRetry(colours: Colours): Effect {
  return { do: 'tell-worker', message: { kind: 'retry', light: mayShowColours(colours) } };
}

/** Ends a ceremony from the page's side, whatever it waits for. */
function end(state: State, code: string): Step {
  if (!state.job) return [state];
  return [
    { ...state, ...idle },
    { do: 'stop-camera' },
    tellCancel,
    { do: 'refuse', requestId: state.job.requestId, code },
  ];
}
