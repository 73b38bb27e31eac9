// The messages between the RP agent (the page) and the authentication agent (the iframe), version 1.

/** Sent once with `postMessage` to the agent's exact origin; carries one `MessagePort`. */
export interface ConnectMessage {
  readonly kind: 'mien-connect';
  readonly version: 1;
}

/** First message on the port, from the agent: it listens now. */
export interface ReadyMessage {
  readonly kind: 'ready';
}

/** `PublicKeyCredentialCreationOptionsJSON` or `…RequestOptionsJSON` (WebAuthn L3 5.1.8); checked by the agent. */
export type OptionsJson = Readonly<Record<string, unknown>>;

/** `RegistrationResponseJSON` or `AuthenticationResponseJSON` (WebAuthn L3 5.1.8). */
export type CredentialJson = Readonly<Record<string, unknown>>;

/** What the RP agent may ask. */
export type Call =
  | { readonly kind: 'create'; readonly publicKey: OptionsJson }
  | { readonly kind: 'get'; readonly publicKey: OptionsJson }
  | { readonly kind: 'status' }
  | { readonly kind: 'erase'; readonly statement: string }
  | {
      readonly kind: 'signalUnknownCredential';
      readonly rpId: string;
      readonly credentialId: string;
      readonly statement: string;
    }
  | {
      readonly kind: 'signalAllAcceptedCredentials';
      readonly rpId: string;
      readonly userId: string;
      readonly allAcceptedCredentialIds: readonly string[];
    };

/** A call under the identifier that its answer will carry. */
export type Request = Call & { readonly requestId: string };

/** Ends the call of that identifier; it has no answer of its own. */
export interface AbortMessage {
  readonly kind: 'abort';
  readonly requestId: string;
}

/** The agent's answer to one call. */
export type Answer =
  | { readonly requestId: string; readonly ok: unknown }
  | { readonly requestId: string; readonly error: { readonly code: string } };

/** What this browser holds for the asking origin's RP ID. */
export interface Status {
  /** Number of credentials. */
  readonly credentials: number;
  /** Version of the consent given, or null. */
  readonly consent: number | null;
}
