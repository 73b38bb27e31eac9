// Answers one `create` or `get` after the other with the agent, and with the browser's own when the person wants that.
import type { CredentialCalls } from '../built-in';
import { MienError } from '../mien-error';
import { runCeremony } from '../run-ceremony';
import type { MakeCredential } from './credential-object';
import { domException, notAllowed } from './dom-exception';
import { creationToJson, requestToJson } from './options-to-json';

export type Kind = 'create' | 'get';
export type Options = CredentialCreationOptions & CredentialRequestOptions;

/** Options of a request for a public key credential. */
export type OurOptions = Options & {
  publicKey: PublicKeyCredentialCreationOptions & PublicKeyCredentialRequestOptions;
};

type Agent = Parameters<typeof runCeremony>[0];

/** Runs one ceremony at a time (Credential Management 2.5.1, "active credential types"). */
export function answering(
  source: () => Promise<Agent>,
  builtIn: CredentialCalls,
  make: MakeCredential,
  permitted: (kind: Kind) => boolean,
) {
  let active: object | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  return async (kind: Kind, options: OurOptions): Promise<Credential | null> => {
    const { publicKey, signal } = options;
    signal?.throwIfAborted();
    if (!permitted(kind) || active) throw notAllowed();
    const json = kind === 'create' ? creationToJson(publicKey) : requestToJson(publicKey);
    const turn = {};
    active = turn;
    // The sheet of a ceremony that was aborted a moment ago has to be gone first.
    const before = previous;
    const work = before
      .then(source)
      .then((agent) => runCeremony(agent, kind, json, signal ? { signal } : {}));
    previous = work.catch(() => undefined);
    try {
      return make(await untilAborted(work, signal, () => done(turn)));
    } catch (error) {
      // The caller's own reason, whatever it is.
      signal?.throwIfAborted();
      if (error instanceof MienError && error.code === 'fallback-requested')
        return await builtIn[kind](options);
      throw domException(error);
    } finally {
      done(turn);
    }
  };

  function done(turn: object) {
    if (active === turn) active = undefined;
  }
}

/** Rejects with the signal's reason at once; `onAbort` runs before the caller of `abort()` goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, onAbort: () => void): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => {
      onAbort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
