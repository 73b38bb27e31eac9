// The browser's own `navigator.credentials.create` and `get`, also while ours stand in their place.

/** What the drop-in replaces. */
export type CredentialCalls = Pick<CredentialsContainer, 'create' | 'get'>;

let kept: CredentialCalls | undefined;

/** The drop-in hands over what it is about to replace; undefined when it puts them back. */
export function keepBuiltIn(calls: CredentialCalls | undefined): void {
  kept = calls;
}

/** The browser's own calls. */
export const builtInCredentials = (): CredentialCalls => kept ?? navigator.credentials;
