// The closed set of errors that the RP agent reports, with the DOMException name each corresponds to.

const names = {
  'not-allowed': 'NotAllowedError',
  'invalid-state': 'InvalidStateError',
  security: 'SecurityError',
  'not-supported': 'NotSupportedError',
  constraint: 'ConstraintError',
  data: 'DataError',
  syntax: 'SyntaxError',
  unknown: 'UnknownError',
  /** The person chose an ordinary passkey instead. */
  'fallback-requested': 'NotAllowedError',
  /** The caller's signal was aborted. */
  aborted: 'AbortError',
  /** The agent's page could not be loaded or does not answer. */
  'agent-unavailable': 'NetworkError',
} as const;

/** Stable codes; the only ones a `MienError` can carry. */
export type MienErrorCode = keyof typeof names;

/** An error of the authentication agent or of the way to it. `name` is that of the like DOMException. */
export class MienError extends Error {
  readonly code: MienErrorCode;

  constructor(code: MienErrorCode, options?: ErrorOptions) {
    super(`mien: ${code}`, options);
    this.code = code;
    this.name = names[code];
  }

  /** From a code that came over the port; a code that we do not know becomes `unknown`. */
  static fromCode(code: unknown): MienError {
    const known = typeof code === 'string' && Object.hasOwn(names, code);
    return new MienError(known ? (code as MienErrorCode) : 'unknown', known ? undefined : { cause: code });
  }
}
