// The static methods of `PublicKeyCredential` as they are true while our agent answers (WebAuthn L3 5.1.6 to 5.1.10).
import { fromBase64url } from '../../common/base64url';
import { creationFromJson, requestFromJson } from '../options-from-json';

type Static = (...given: never[]) => unknown;
type Statics = Readonly<Record<string, Static>>;
type Native = Readonly<Record<string, ((...given: unknown[]) => Promise<unknown>) | undefined>>;

/** Extensions that the agent answers (its `options.rs`); whatever the browser's own can do beside does not count. */
const extensions = [
  'credProps',
  'credentialProtectionPolicy',
  'enforceCredentialProtectionPolicy',
  'prf',
  'uvm',
];

/**
 * What to put on `PublicKeyCredential`. Conditional requests go to the built-in authenticators, so
 * `isConditionalMediationAvailable` stays theirs, and so do the signal methods where there are any: a stored face is
 * erased on the authentication server's signed word only.
 */
export function statics(native: Native): Statics {
  const platform = async () => (await hasCamera()) || (await ask(native, available)) === true;
  const ours: Statics = {
    parseCreationOptionsFromJSON: creationFromJson as Static,
    parseRequestOptionsFromJSON: requestFromJson as Static,
    [available]: platform,
    getClientCapabilities: async () =>
      capabilities((await ask(native, 'getClientCapabilities')) as Answers | undefined, await platform()),
  };
  const missing = Object.entries(signals).filter(([name]) => typeof native[name] !== 'function');
  return { ...ours, ...Object.fromEntries(missing) };
}

const available = 'isUserVerifyingPlatformAuthenticatorAvailable';
type Answers = Readonly<Record<string, boolean>>;

const ask = (native: Native, name: string) => native[name]?.call(PublicKeyCredential);

async function hasCamera(): Promise<boolean> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return (devices ?? []).some(({ kind }) => kind === 'videoinput');
}

/** The built-in answer, corrected where requests go to the agent instead. In the order that 5.1.7 asks for. */
export function capabilities(builtIn: Answers = {}, platform: boolean): Answers {
  const all = Object.entries({
    conditionalCreate: false,
    conditionalGet: false,
    hybridTransport: false,
    ...builtIn,
    passkeyPlatformAuthenticator: platform,
    userVerifyingPlatformAuthenticator: platform,
    relatedOrigins: false,
    ...Object.fromEntries(extensions.map((name) => [`extension:${name}`, true])),
  });
  const own = ([name, can]: [string, boolean]): [string, boolean] => [
    name,
    can && (!name.startsWith('extension:') || extensions.includes(name.slice('extension:'.length))),
  ];
  return Object.fromEntries(all.map(own).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Signal {
  readonly rpId: string;
  readonly userId?: string;
  readonly credentialId?: string;
  readonly allAcceptedCredentialIds?: readonly string[];
}

/** Checks the arguments as 5.1.10 does, and then has nothing to do. */
const signal =
  (...ids: ('userId' | 'credentialId')[]) =>
  async (options: Signal): Promise<void> => {
    const host = location.hostname;
    if (host !== options.rpId && !host.endsWith(`.${options.rpId}`))
      throw new DOMException('The RP ID does not belong to this page.', 'SecurityError');
    for (const text of [...ids.map((name) => options[name]), ...(options.allAcceptedCredentialIds ?? [])])
      mustBeBase64url(text);
  };

const signals: Readonly<Record<string, (options: Signal) => Promise<void>>> = {
  signalUnknownCredential: signal('credentialId'),
  signalAllAcceptedCredentials: signal('userId'),
  signalCurrentUserDetails: signal('userId'),
};

function mustBeBase64url(text: unknown): void {
  try {
    if (typeof text === 'string') return void fromBase64url(text);
  } catch {
    // Told below.
  }
  throw new TypeError('An identifier is no base64url.');
}
