// authenticator/authenticator_wasm.d.ts
/* tslint:disable */
/* eslint-disable */

export class AuthenticationAgent {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    beginCreate(origin: string, options: string, light: boolean): string;
    beginGet(origin: string, options: string, light: boolean): Promise<string>;
    cancel(): void;
    choose(credential_id: string): Promise<string>;
    consent(version: number): Promise<string>;
    static create(): AuthenticationAgent | undefined;
    frame(width: number, height: number, rgba: Uint8Array | number[], at_ms: number): Promise<string>;
    load(detector: Uint8Array | number[], extractor: Uint8Array | number[], presentation_attack_detector: Uint8Array | number[]): string | undefined;
    retry(light?: boolean | null): Promise<string>;
    warmUp(): void;
}

export function erase(origin: string, statement: string): Promise<string>;

export function modelFiles(): string;

export function status(origin: string): Promise<string>;

export function withdrawConsent(origin: string): Promise<string>;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;


export type SyncInitInput = BufferSource | WebAssembly.Module;

export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;

// types/common/base64url.d.ts
export declare function toBase64url(source: BufferSource): string;
export declare function fromBase64url(text: string): Uint8Array<ArrayBuffer>;

// types/message-port/messages.d.ts
export interface ConnectMessage {
    readonly kind: 'mien-connect';
    readonly version: 1;
}
export interface ReadyMessage {
    readonly kind: 'ready';
}
export type OptionsJson = Readonly<Record<string, unknown>>;
export type CredentialJson = Readonly<Record<string, unknown>>;
export type Call = {
    readonly kind: 'create';
    readonly publicKey: OptionsJson;
} | {
    readonly kind: 'get';
    readonly publicKey: OptionsJson;
} | {
    readonly kind: 'status';
} | {
    readonly kind: 'erase';
    readonly statement: string;
} | {
    readonly kind: 'signalUnknownCredential';
    readonly rpId: string;
    readonly credentialId: string;
    readonly statement: string;
} | {
    readonly kind: 'signalAllAcceptedCredentials';
    readonly rpId: string;
    readonly userId: string;
    readonly allAcceptedCredentialIds: readonly string[];
};
export type Request = Call & {
    readonly requestId: string;
};
export interface AbortMessage {
    readonly kind: 'abort';
    readonly requestId: string;
}
export type Answer = {
    readonly requestId: string;
    readonly ok: unknown;
} | {
    readonly requestId: string;
    readonly error: {
        readonly code: string;
    };
};
export interface Status {
    readonly credentials: number;
    readonly consent: number | null;
}

// types/relying-party-agent/agent-source.d.ts
import { type AuthenticationAgent } from './connect.js';
export type AgentSource = () => Promise<AuthenticationAgent>;
export declare function agentSource(agentOrigin: () => Promise<string>): AgentSource;

// types/relying-party-agent/built-in.d.ts
export type CredentialCalls = Pick<CredentialsContainer, 'create' | 'get'>;
export declare function keepBuiltIn(calls: CredentialCalls | undefined): void;
export declare const builtInCredentials: () => CredentialCalls;

// types/relying-party-agent/connect.d.ts
import { type Channel } from './open-channel.js';
import { type Sheet } from './open-sheet.js';
export interface AuthenticationAgent {
    readonly channel: Channel;
    readonly sheet: Sheet;
    lost: boolean;
}
export declare function connect(agentOrigin: string, title?: string): Promise<AuthenticationAgent>;
export declare function disconnect(agent: AuthenticationAgent): void;

// types/relying-party-agent/create.d.ts
import type { CredentialJson, OptionsJson } from '../message-port/messages.js';
import type { AuthenticationAgent } from './connect.js';
import { type CeremonyOptions } from './run-ceremony.js';
export declare function create(agent: AuthenticationAgent, publicKey: OptionsJson, options?: CeremonyOptions): Promise<CredentialJson>;

// types/relying-party-agent/drop-in/answering.d.ts
import type { CredentialCalls } from '../built-in.js';
import { runCeremony } from '../run-ceremony.js';
import type { MakeCredential } from './credential-object.js';
export type Kind = 'create' | 'get';
export type Options = CredentialCreationOptions & CredentialRequestOptions;
export type OurOptions = Options & {
    publicKey: PublicKeyCredentialCreationOptions & PublicKeyCredentialRequestOptions;
};
type Agent = Parameters<typeof runCeremony>[0];
export declare function answering(source: () => Promise<Agent>, builtIn: CredentialCalls, make: MakeCredential, permitted: (kind: Kind) => boolean): (kind: Kind, options: OurOptions) => Promise<Credential | null>;
export {};

// types/relying-party-agent/drop-in/credential-object.d.ts
import type { CredentialJson } from '../../message-port/messages.js';
export type MakeCredential = (json: CredentialJson) => PublicKeyCredential;
export declare function credentialMaker(): MakeCredential;

// types/relying-party-agent/drop-in/dom-exception.d.ts
export declare function domException(error: unknown): Error;
export declare const notAllowed: () => DOMException;

// types/relying-party-agent/drop-in/inheriting.d.ts
type Members<T> = Readonly<Record<string, (held: T) => unknown>>;
export declare function inheriting<T extends object>(base: object, attributes: Members<T>, methods: Members<T>): (held: T) => object;
export {};

// types/relying-party-agent/drop-in/install.d.ts
import { type CredentialCalls } from '../built-in.js';
import { type AuthenticationAgent } from '../connect.js';
import { type Options } from './answering.js';
export interface InstallOptions {
    readonly useBuiltIn?: (kind: 'create' | 'get', options: Readonly<Options>) => boolean;
}
export interface Installed {
    readonly builtIn: CredentialCalls;
    uninstall(): void;
}
export declare function install(agent: AuthenticationAgent | string, options?: InstallOptions): Installed;

// types/relying-party-agent/drop-in/options-to-json.d.ts
import type { OptionsJson } from '../../message-port/messages.js';
export declare function creationToJson(options: PublicKeyCredentialCreationOptions): OptionsJson;
export declare function requestToJson(options: PublicKeyCredentialRequestOptions): OptionsJson;

// types/relying-party-agent/drop-in/permission.d.ts
export declare function permitted(kind: 'create' | 'get', document: object): boolean;

// types/relying-party-agent/drop-in/statics.d.ts
type Static = (...given: never[]) => unknown;
type Statics = Readonly<Record<string, Static>>;
type Native = Readonly<Record<string, ((...given: unknown[]) => Promise<unknown>) | undefined>>;
export declare function statics(native: Native): Statics;
type Answers = Readonly<Record<string, boolean>>;
export declare function capabilities(builtIn: Answers | undefined, platform: boolean): Answers;
export {};

// types/relying-party-agent/erase.d.ts
import type { AuthenticationAgent } from './connect.js';
export declare function erase({ channel }: Pick<AuthenticationAgent, 'channel'>, statement: string): Promise<void>;

// types/relying-party-agent/get.d.ts
import type { CredentialJson, OptionsJson } from '../message-port/messages.js';
import type { AuthenticationAgent } from './connect.js';
import { type CeremonyOptions } from './run-ceremony.js';
export declare function get(agent: AuthenticationAgent, publicKey: OptionsJson, options?: CeremonyOptions): Promise<CredentialJson>;

// types/relying-party-agent/index.d.ts
export type { CredentialJson, OptionsJson, Status } from '../message-port/messages.js';
export type { CredentialCalls } from './built-in.js';
export { type AuthenticationAgent, connect } from './connect.js';
export { create } from './create.js';
export { type Installed, type InstallOptions, install } from './drop-in/install.js';
export { erase } from './erase.js';
export { get } from './get.js';
export { MienError, type MienErrorCode } from './mien-error.js';
export { createPasskey, getPasskey, passkeysAvailable } from './passkey.js';
export type { CeremonyOptions } from './run-ceremony.js';
export { status } from './status.js';

// types/relying-party-agent/mien-error.d.ts
declare const names: {
    readonly 'not-allowed': 'NotAllowedError';
    readonly 'invalid-state': 'InvalidStateError';
    readonly security: 'SecurityError';
    readonly 'not-supported': 'NotSupportedError';
    readonly constraint: 'ConstraintError';
    readonly data: 'DataError';
    readonly syntax: 'SyntaxError';
    readonly unknown: 'UnknownError';
    readonly 'fallback-requested': 'NotAllowedError';
    readonly aborted: 'AbortError';
    readonly 'agent-unavailable': 'NetworkError';
};
export type MienErrorCode = keyof typeof names;
export declare class MienError extends Error {
    readonly code: MienErrorCode;
    constructor(code: MienErrorCode, options?: ErrorOptions);
    static fromCode(code: unknown): MienError;
}
export {};

// types/relying-party-agent/open-channel.d.ts
import type { Call } from '../message-port/messages.js';
export interface Channel {
    call(call: Call, signal?: AbortSignal): Promise<unknown>;
    close(): void;
}
export declare function openChannel(port: MessagePort): Channel;

// types/relying-party-agent/open-sheet.d.ts
import './sheet.css';
export interface Sheet {
    readonly frame: HTMLIFrameElement;
    show(onCancel: () => void): void;
    hide(finished: boolean): void;
    remove(): void;
}
export declare function openSheet(agentOrigin: string, title: string): Sheet;

// types/relying-party-agent/options-from-json.d.ts
import type { OptionsJson } from '../message-port/messages.js';
export declare function creationFromJson(json: OptionsJson): PublicKeyCredentialCreationOptions;
export declare function requestFromJson(json: OptionsJson): PublicKeyCredentialRequestOptions;

// types/relying-party-agent/passkey-options.d.ts
import type { OptionsJson } from '../message-port/messages.js';
export declare function parseCreationOptions(json: OptionsJson): PublicKeyCredentialCreationOptions;
export declare function parseRequestOptions(json: OptionsJson): PublicKeyCredentialRequestOptions;

// types/relying-party-agent/passkey-response.d.ts
import type { CredentialJson } from '../message-port/messages.js';
export declare function serialiseCredential(credential: PublicKeyCredential): CredentialJson;

// types/relying-party-agent/passkey.d.ts
import type { CredentialJson, OptionsJson } from '../message-port/messages.js';
export declare const passkeysAvailable: () => boolean;
export declare function createPasskey(publicKey: OptionsJson): Promise<CredentialJson>;
export declare function getPasskey(publicKey: OptionsJson): Promise<CredentialJson>;

// types/relying-party-agent/run-ceremony.d.ts
import type { CredentialJson, OptionsJson } from '../message-port/messages.js';
import type { AuthenticationAgent } from './connect.js';
export interface CeremonyOptions {
    readonly signal?: AbortSignal;
}
type Connected = Pick<AuthenticationAgent, 'channel'> & {
    readonly sheet: Pick<AuthenticationAgent['sheet'], 'show' | 'hide'>;
};
export declare function runCeremony({ channel, sheet }: Connected, kind: 'create' | 'get', publicKey: OptionsJson, { signal }: CeremonyOptions): Promise<CredentialJson>;
export {};

// types/relying-party-agent/shake-hands.d.ts
export interface PortReceiver {
    postMessage(message: unknown, targetOrigin: string, transfer: Transferable[]): void;
}
export declare function shakeHands(receiver: PortReceiver, agentOrigin: string, timeoutMs: number): Promise<MessagePort>;

// types/relying-party-agent/status.d.ts
import type { Status } from '../message-port/messages.js';
import type { AuthenticationAgent } from './connect.js';
export declare function status({ channel }: Pick<AuthenticationAgent, 'channel'>): Promise<Status>;
