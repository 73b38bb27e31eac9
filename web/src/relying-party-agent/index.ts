// The library that a relying party's page imports:
//
//     const agent = await connect('https://agent.example');
//     const { publicKey } = await (await fetch('/api/registration/options', …)).json();
//     const credential = await create(agent, publicKey); // send it to /api/registration/result
//
// or, for pages that know `navigator.credentials` only, once at the start:
//
//     install('https://agent.example');
//
// Failures are `MienError`s with a `code` of a closed set (after `install`, WebAuthn's `DOMException`s). Styles come with the module.
export type { CredentialJson, OptionsJson, Status } from '../message-port/messages';
export type { CredentialCalls } from './built-in';
export { type AuthenticationAgent, connect } from './connect';
export { create } from './create';
export { type Installed, type InstallOptions, install } from './drop-in/install';
export { erase } from './erase';
export { get } from './get';
export { MienError, type MienErrorCode } from './mien-error';
export { createPasskey, getPasskey, passkeysAvailable } from './passkey';
export type { CeremonyOptions } from './run-ceremony';
export { status } from './status';
