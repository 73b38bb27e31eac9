// The RP server's calls (design: HTTP table), each with the shape of its answer.
import type { CredentialJson, OptionsJson } from '../../relying-party-agent/index';
import { call } from './call';

/** GET /api/config */
export interface Config {
  readonly rpId: string;
  readonly agentOrigin: string;
  readonly controller: { readonly name: string; readonly contact: string };
  readonly noticeVersion: number;
}

/** One row of GET /api/credentials; times as the server writes them (RFC 3339 or milliseconds). */
export interface Credential {
  readonly credentialId: string;
  readonly createdAt: string | number;
  readonly lastUsedAt: string | number | null;
  readonly aaguid: string;
  readonly kind: 'mien-face' | 'passkey';
  readonly mode: string | null;
  readonly device: string;
  readonly current: boolean;
}

/** One row of the answer of POST /api/deregistration. */
export interface Deregistered {
  readonly credentialId: string;
  /** Signed by the authentication server (27553-1 A.3.4 step d). */
  readonly statement: string;
}

type Options = { readonly publicKey: OptionsJson };
type Session = { readonly username: string };

export const server = {
  config: () => call('GET', '/api/config') as Promise<Config>,
  /** `not-signed-in` without a session. */
  session: () => call('GET', '/api/session') as Promise<Session>,
  signOut: () => call('DELETE', '/api/session'),
  registrationOptions: (username: string) =>
    call('POST', '/api/registration/options', { username, displayName: username }) as Promise<Options>,
  registrationResult: (credential: CredentialJson) =>
    call('POST', '/api/registration/result', credential) as Promise<
      Session & { readonly credentialId: string }
    >,
  /** Without a name any discoverable credential of this site may answer. */
  authenticationOptions: (username?: string) =>
    call(
      'POST',
      '/api/authentication/options',
      username === undefined ? {} : { username },
    ) as Promise<Options>,
  authenticationResult: (credential: CredentialJson) =>
    call('POST', '/api/authentication/result', credential) as Promise<Session>,
  credentials: () => call('GET', '/api/credentials') as Promise<readonly Credential[]>,
  deregister: (target: { readonly credentialId: string } | { readonly all: true }) =>
    call('POST', '/api/deregistration', target) as Promise<{
      readonly deregistered: readonly Deregistered[];
    }>,
};

/** What the flows need of the server; tests of the flows give their own. */
export type Server = typeof server;
