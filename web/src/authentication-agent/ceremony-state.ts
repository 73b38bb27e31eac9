// The states of the agent's page, the events that move it and the effects that a step asks for.
import type { Colours } from './colours';
import type {
  Account,
  CeremonyKind,
  Colour,
  FromWorker,
  Guidance,
  Purpose,
  ToWorker,
} from './worker-protocol';

/** Why no look takes place; each has its own words on screen. */
export type Trouble =
  | 'camera-refused'
  | 'camera-missing'
  | 'camera-busy'
  | 'camera-lost'
  | 'frozen-picture'
  | 'look-timeout';

/** Codes with which the worker ends a ceremony and about which the person can do something. */
export const blocks = [
  'storage-blocked',
  'storage-full',
  'storage-unavailable',
  'record-damaged',
  'enrolment-failed',
  'camera-unusable',
] as const;
export type Block = (typeof blocks)[number];

/** The models, which outlive a ceremony. */
export type Models =
  | { readonly at: 'unasked' }
  | { readonly at: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly at: 'ready' }
  | { readonly at: 'failed'; readonly code: string };

/** What the person sees. */
export type Prompt =
  | { readonly at: 'idle' }
  | { readonly at: 'loading' }
  | { readonly at: 'models-failed'; readonly code: string }
  | { readonly at: 'preparing' }
  | { readonly at: 'consent'; readonly version: number; readonly rpId: string; readonly userName: string }
  | { readonly at: 'accounts'; readonly accounts: readonly Account[] }
  /** Told before the screen shows colours for the first time. */
  | { readonly at: 'colours' }
  | { readonly at: 'opening-camera' }
  | {
      readonly at: 'capturing';
      readonly guidance: Guidance;
      readonly captured: number;
      readonly hasFace: boolean;
      readonly light: Colour | null;
      /** When an unbroken run of `frozen-picture` began, or null. */
      readonly frozenSince: number | null;
    }
  | { readonly at: 'refused'; readonly triesLeft: number }
  | { readonly at: 'waiting'; readonly until: number }
  | { readonly at: 'trouble'; readonly trouble: Trouble }
  | { readonly at: 'blocked'; readonly block: Block }
  | { readonly at: 'about-data' }
  | { readonly at: 'withdrawing' }
  | { readonly at: 'withdrawn'; readonly ok: boolean }
  | { readonly at: 'done' };

/** The look that the worker asked for last. */
export interface Look {
  readonly purpose: Purpose;
  readonly needed: number;
  /** The worker was told that the camera runs: a new look then needs `retry`. */
  readonly begun: boolean;
}

/** The call that is being served. */
export interface Job {
  readonly requestId: string;
  readonly ceremony: CeremonyKind;
  readonly origin: string;
  /** The options as JSON text. */
  readonly publicKey: string;
  /** The whole ceremony's time, from the options' `timeout`. */
  readonly timeoutMs: number;
}

export interface State {
  readonly models: Models;
  /** Null between ceremonies. */
  readonly job: Job | null;
  readonly look: Look | null;
  readonly colours: Colours;
  readonly prompt: Prompt;
}

export type Event =
  | { readonly kind: 'preload' }
  | { readonly kind: 'request'; readonly job: Job; readonly colours: Colours }
  | { readonly kind: 'abort'; readonly requestId: string }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'worker'; readonly message: FromWorker; readonly now: number }
  | { readonly kind: 'camera-open' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'withdrawn'; readonly ok: boolean }
  | { readonly kind: 'choose'; readonly credentialId: string }
  | {
      readonly kind: 'user';
      readonly act:
        | 'agree'
        | 'cancel'
        | 'passkey'
        | 'retry'
        | 'with-colours'
        | 'without-colours'
        | 'about-data'
        | 'withdraw';
    };

export type Effect =
  | { readonly do: 'tell-worker'; readonly message: ToWorker }
  | { readonly do: 'answer'; readonly requestId: string; readonly ok: unknown }
  | { readonly do: 'refuse'; readonly requestId: string; readonly code: string }
  | { readonly do: 'remember-colours'; readonly on: boolean }
  | { readonly do: 'open-camera' }
  | { readonly do: 'feed-frames' }
  | { readonly do: 'stop-camera' }
  | { readonly do: 'arm-deadline'; readonly ms: number }
  /** Starts the time in which the next capture must succeed. */
  | { readonly do: 'arm-look-timer' }
  | { readonly do: 'withdraw-consent'; readonly origin: string };

export const initialState: State = {
  models: { at: 'unasked' },
  job: null,
  look: null,
  colours: 'never',
  prompt: { at: 'idle' },
};
