// What the worker's messages do to the agent page's state.
import { type Step, tellBegin } from './ceremony';
import { type Block, blocks, type State } from './ceremony-state';
import type { FromWorker } from './worker-protocol';

/** How long the picture may stand still before the look is given up, in milliseconds. */
const frozenMs = 3_000;

/** Messages that arrive after their ceremony has ended change nothing. */
export function onWorkerMessage(state: State, message: FromWorker, now: number): Step {
  const { job, look, prompt } = state;
  switch (message.kind) {
    case 'loading': {
      const { loaded, total } = message;
      return [{ ...state, models: { at: 'loading', loaded, total } }];
    }
    case 'ready': {
      const ready = { ...state, models: { at: 'ready' } } as const;
      if (!job || prompt.at !== 'loading') return [ready];
      return [{ ...ready, prompt: { at: 'preparing' } }, tellBegin(job, state.colours)];
    }
    case 'load-failed': {
      const { code } = message;
      const failed = { ...state, models: { at: 'failed', code } } as const;
      return [prompt.at === 'loading' ? { ...failed, prompt: { at: 'models-failed', code } } : failed];
    }
    case 'ask-account': {
      if (!job || prompt.at !== 'preparing') return [state];
      return [{ ...state, prompt: { at: 'accounts', accounts: message.accounts } }];
    }
    case 'ask-consent': {
      if (!job || prompt.at !== 'preparing') return [state];
      const { version, rpId, userName } = message;
      return [{ ...state, prompt: { at: 'consent', version, rpId, userName } }];
    }
    case 'camera-wanted': {
      if (!job || prompt.at !== 'preparing') return [state];
      const { purpose, needed } = message;
      const wanted = { ...state, look: { purpose, needed, begun: false } } as const;
      // Colours come with verifications only; nobody is to be surprised by them.
      if (purpose === 'verify' && state.colours === 'unasked')
        return [{ ...wanted, prompt: { at: 'colours' } }];
      return [{ ...wanted, prompt: { at: 'opening-camera' } }, { do: 'open-camera' }];
    }
    case 'guidance':
      return onGuidance(state, message, now);
    case 'refused': {
      if (!job || (prompt.at !== 'preparing' && prompt.at !== 'capturing')) return [state];
      const { triesLeft, waitMs } = message;
      const waits = message.reason === 'wait';
      return [
        { ...state, prompt: waits ? { at: 'waiting', until: now + waitMs } : { at: 'refused', triesLeft } },
        { do: 'stop-camera' },
      ];
    }
    case 'done': {
      // Only a look that took place can end in a credential.
      if (!job || !look?.begun) return [state];
      // The person has turned away, or was told that nothing was signed: the worker's last frame came too late.
      if (prompt.at !== 'capturing') return [{ ...state, look: null }];
      const { requestId } = job;
      const ended = { ...state, job: null, look: null } as const;
      const credential = parse(message.credential);
      if (credential === null) {
        const refuse = { do: 'refuse', requestId, code: 'unknown' } as const;
        return [{ ...ended, prompt: { at: 'idle' } }, { do: 'stop-camera' }, refuse];
      }
      const answer = { do: 'answer', requestId, ok: credential } as const;
      return [{ ...ended, prompt: { at: 'done' } }, { do: 'stop-camera' }, answer];
    }
    case 'failed': {
      if (!job) return [state];
      const block = blocks.find((code): code is Block => code === message.code);
      if (block !== undefined) {
        return [{ ...state, look: null, prompt: { at: 'blocked', block } }, { do: 'stop-camera' }];
      }
      // After a trap the worker has to load again; one that has not trapped answers `ready` at once.
      const models = message.code === 'unknown' ? ({ at: 'unasked' } as const) : state.models;
      return [
        { ...state, models, job: null, look: null, prompt: { at: 'idle' } },
        { do: 'stop-camera' },
        { do: 'refuse', requestId: job.requestId, code: message.code },
      ];
    }
    case 'answer':
      return [state];
  }
}

function onGuidance(state: State, message: Extract<FromWorker, { kind: 'guidance' }>, now: number): Step {
  const { prompt, look } = state;
  if (prompt.at !== 'capturing' || !look) return [state];
  const { guidance, captured, needed, face, light } = message;
  const frozenSince = guidance === 'frozen-picture' ? (prompt.frozenSince ?? now) : null;
  if (frozenSince !== null && now - frozenSince >= frozenMs) {
    return [{ ...state, prompt: { at: 'trouble', trouble: 'frozen-picture' } }, { do: 'stop-camera' }];
  }
  const next: State = {
    ...state,
    look: { ...look, needed },
    prompt: { at: 'capturing', guidance, captured, hasFace: face !== null, light, frozenSince },
  };
  return captured > prompt.captured ? [next, { do: 'arm-look-timer' }] : [next];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
