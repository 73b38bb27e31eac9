// WebAuthn options from JSON to what the browser takes (WebAuthn L3 5.1.9, 5.1.10), with our own reading where it is missing.

import type { OptionsJson } from '../message-port/messages';
import { creationFromJson, requestFromJson } from './options-from-json';

/** The agent's own extensions mean nothing to other authenticators and are left out. */
function withoutOurs(json: OptionsJson): OptionsJson {
  const {
    mienAuthenticationServer: _,
    mienPad: __,
    ...extensions
  } = (json['extensions'] ?? {}) as Record<string, unknown>;
  return { ...json, extensions };
}

/** For `navigator.credentials.create`. */
export function parseCreationOptions(json: OptionsJson): PublicKeyCredentialCreationOptions {
  const plain = withoutOurs(json);
  const native = nativeParser('parseCreationOptionsFromJSON');
  return native ? (native(plain) as PublicKeyCredentialCreationOptions) : creationFromJson(plain);
}

/** For `navigator.credentials.get`. */
export function parseRequestOptions(json: OptionsJson): PublicKeyCredentialRequestOptions {
  const plain = withoutOurs(json);
  const native = nativeParser('parseRequestOptionsFromJSON');
  return native ? (native(plain) as PublicKeyCredentialRequestOptions) : requestFromJson(plain);
}

/** Safari before 18.4 and Chrome before 129 have no such methods. */
function nativeParser(name: 'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON') {
  if (typeof PublicKeyCredential !== 'function') return null;
  const found: unknown = (PublicKeyCredential as unknown as Record<string, unknown>)[name];
  return typeof found === 'function'
    ? (json: unknown): unknown => found.call(PublicKeyCredential, json)
    : null;
}
