// What went wrong at the server, by the stable `code` of its problem document (RFC 9457), or on the way to it.

const codes = [
  'malformed-request',
  'body-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'request-timeout',
  'method-not-allowed',
  'ceremony-unknown',
  'username-invalid',
  'username-taken',
  'registration-not-allowed',
  'authenticator-not-allowed',
  'verification-failed',
  'unknown-credential',
  'credential-waits',
  'credential-disabled',
  'not-signed-in',
  'session-stale',
  'too-many-requests',
  'not-found',
  'forbidden-origin',
  'unavailable',
  'internal',
] as const;

/** The server's codes, and `offline` when no answer came. */
export type ProblemCode = (typeof codes)[number] | 'offline';

/** An answer that is not the one asked for. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    /** A deregistration statement, with `unknown-credential`. */
    readonly statement: string | null = null,
    options?: ErrorOptions,
  ) {
    super(`server: ${code}`, options);
  }
}

/** Reads a problem document; a body or code that we do not know is `internal`. */
export function problemOf(body: unknown): Problem {
  if (typeof body !== 'object' || body === null || !('code' in body)) return new Problem('internal');
  const code = codes.find((known) => known === body.code) ?? 'internal';
  const statement = 'statement' in body && typeof body.statement === 'string' ? body.statement : null;
  return new Problem(code, statement);
}
