// The messages between the agent's page and its worker (structured clone; times in milliseconds).

/** Which ceremony the RP agent asked for. */
export type CeremonyKind = 'create' | 'get';

/** What the camera is wanted for: five or more captures, or one good look. */
export type Purpose = 'enrol' | 'verify';

/** What the biometric system would like the person to do; the words of `Guidance::as_str` in the core. */
export const guidances = [
  'no-face',
  'several-faces',
  'move-closer',
  'move-back',
  'centre-face',
  'more-light',
  'less-light',
  'hold-still',
  'look-ahead',
  'turn-left',
  'turn-right',
  'look-up',
  'frozen-picture',
  'good',
] as const;
export type Guidance = (typeof guidances)[number];

/** Where the face is, as fractions of the frame as the camera sees it (not mirrored). */
export interface FaceBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An sRGB colour, 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An account of this browser that can answer the request; `credentialId` is base64url. */
export interface Account {
  readonly credentialId: string;
  readonly userName: string;
  readonly displayName: string;
}

/** From the page to the worker. */
export type ToWorker =
  /** Fetch and check the models; may come more than once, and again after `load-failed`. */
  | { readonly kind: 'load' }
  /** Sent after `ready`. `publicKey`: the options as JSON text; `origin`: as the browser reported it. */
  | {
      readonly kind: 'begin';
      readonly ceremony: CeremonyKind;
      readonly origin: string;
      readonly publicKey: string;
      /** Whether the screen may show the light challenge's colours. */
      readonly light: boolean;
    }
  | { readonly kind: 'choose'; readonly credentialId: string }
  | { readonly kind: 'consent'; readonly version: number }
  /** The camera that `camera-wanted` asked for runs; frames follow. */
  | { readonly kind: 'camera-ready' }
  /** The bitmap is transferred; the worker closes it and answers with exactly one `guidance`. */
  | { readonly kind: 'frame'; readonly bitmap: ImageBitmap; readonly at: number }
  /** Discard the samples so far (or the refusal) and start a new look, with or without colours from now on: answered by `camera-wanted` or `refused`. */
  | { readonly kind: 'retry'; readonly light?: boolean }
  /** End the ceremony and wipe; no answer. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'status'; readonly id: string; readonly origin: string }
  | { readonly kind: 'erase'; readonly id: string; readonly origin: string; readonly statement: string }
  | { readonly kind: 'withdraw-consent'; readonly id: string; readonly origin: string };

/** From the worker to the page. */
export type FromWorker =
  /** Bytes; `total` is 0 while it is not known. */
  | { readonly kind: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'load-failed'; readonly code: string }
  /** Several accounts can answer, the one used last first: answered by `choose`. */
  | { readonly kind: 'ask-account'; readonly accounts: readonly Account[] }
  | {
      readonly kind: 'ask-consent';
      readonly version: number;
      readonly rpId: string;
      readonly userName: string;
    }
  | { readonly kind: 'camera-wanted'; readonly purpose: Purpose; readonly needed: number }
  /** Exactly one per frame: the credit for the next one. */
  | {
      readonly kind: 'guidance';
      readonly guidance: Guidance;
      readonly captured: number;
      readonly needed: number;
      readonly face: FaceBox | null;
      /** The colour that the whole screen shows from now on. */
      readonly light: Colour | null;
    }
  /** `waitMs` counts from now and is 0 for `no-match`; `triesLeft`: free tries before a wait. */
  | {
      readonly kind: 'refused';
      readonly reason: 'no-match' | 'wait';
      readonly waitMs: number;
      readonly triesLeft: number;
    }
  /** `credential`: the response as JSON text. */
  | { readonly kind: 'done'; readonly credential: string }
  | { readonly kind: 'failed'; readonly code: string }
  /** The answer to `status`, `erase` or `withdraw-consent` of that identifier. */
  | { readonly kind: 'answer'; readonly id: string; readonly ok?: unknown; readonly error?: string };
