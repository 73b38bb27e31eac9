// Puts the agent in the place of `navigator.credentials.create` and `get` for public key credentials.
import { agentSource } from '../agent-source';
import { type CredentialCalls, keepBuiltIn } from '../built-in';
import { type AuthenticationAgent, disconnect } from '../connect';
import { MienError } from '../mien-error';
import { answering, type Kind, type Options, type OurOptions } from './answering';
import { credentialMaker } from './credential-object';
import { permitted } from './permission';
import { statics } from './statics';

/** What `install` may be told. */
export interface InstallOptions {
  /** True sends a request to the browser's own authenticators; asked for those only that the agent would answer. */
  readonly useBuiltIn?: (kind: 'create' | 'get', options: Readonly<Options>) => boolean;
}

/** The agent in place. */
export interface Installed {
  /** The browser's own `create` and `get`. */
  readonly builtIn: CredentialCalls;
  /** Puts the browser's own back. */
  uninstall(): void;
}

/**
 * `agent`: an exact origin, which is connected to at once and again after a loss, or a connected agent. Requests of
 * other kinds, conditional and silent ones, and those for a roaming authenticator go to the browser's own; so does a
 * request in which the person asks for a passkey instead. One installation at a time.
 * Throws `not-supported` where the browser has no public key credentials, `invalid-state` when already installed.
 */
export function install(agent: AuthenticationAgent | string, options: InstallOptions = {}): Installed {
  if (typeof PublicKeyCredential !== 'function' || !navigator.credentials)
    throw new MienError('not-supported');
  if (installed) throw new MienError('invalid-state');
  let mine: Promise<AuthenticationAgent> | undefined;
  const connected = agentSource(async () => String(agent));
  const source = typeof agent === 'string' ? () => (mine = connected()) : async () => agent;
  // The agent loads while the person reads; a failure is told at the first request.
  whenThereIsABody(() => void source().catch(() => undefined));

  const container = navigator.credentials;
  const { create, get } = container;
  const builtIn = { create: create.bind(container), get: get.bind(container) };
  const answer = answering(source, builtIn, credentialMaker(), (kind) => permitted(kind, document));
  const call = (kind: Kind) => (given?: Options) =>
    isOurs(kind, given, options) ? answer(kind, given) : builtIn[kind](given);
  const undo = [
    replace(CredentialsContainer.prototype, 'create', call('create')),
    replace(CredentialsContainer.prototype, 'get', call('get')),
    ...Object.entries(statics(nativeStatics())).map(([name, value]) =>
      replace(PublicKeyCredential, name, value),
    ),
  ];
  keepBuiltIn(builtIn);
  installed = true;
  return {
    builtIn,
    uninstall() {
      if (undo.length === 0) return;
      for (const each of undo.splice(0)) each();
      keepBuiltIn(undefined);
      installed = false;
      // An agent that the page connected itself stays the page's.
      void mine?.then(disconnect, () => undefined);
    },
  };
}

let installed = false;

/** Whether the agent could answer, and shall. */
function isOurs(
  kind: Kind,
  options: Options | undefined,
  { useBuiltIn }: InstallOptions,
): options is OurOptions {
  if (typeof options?.publicKey !== 'object' || options.publicKey === null) return false;
  const { publicKey: _, signal: __, mediation = 'optional', ...otherKinds } = options;
  if (Object.keys(otherKinds).length > 0 || !['optional', 'required'].includes(mediation)) return false;
  if (options.publicKey.authenticatorSelection?.authenticatorAttachment === 'cross-platform') return false;
  return !useBuiltIn?.(kind, options);
}

/** Replaces a member; gives what puts the old one back, unless somebody else has replaced ours meanwhile. */
function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== value) return;
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/** The browser's own static methods, by value: reading them later would give ours. */
function nativeStatics() {
  const names = Object.getOwnPropertyNames(PublicKeyCredential);
  const own = PublicKeyCredential as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  return Object.fromEntries(
    names.filter((name) => typeof own[name] === 'function').map((name) => [name, own[name]]),
  );
}

function whenThereIsABody(run: () => void): void {
  if (document.body) run();
  else document.addEventListener('DOMContentLoaded', run, { once: true });
}
