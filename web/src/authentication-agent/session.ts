// One embedding page's session: carries the messages of the port, the worker and the person to the state machine, and its effects out.
import type { Answer } from '../message-port/messages';
import { parseRequest } from '../message-port/parse-request';
import type { Connection } from './accept-connection';
import { cameraControl } from './camera-control';
import { step } from './ceremony';
import { type Effect, type Event, initialState, type Trouble } from './ceremony-state';
import { readColours, rememberColours } from './colours';
import { jobOf } from './job';
import { preloadWhenIdle } from './preload';
import { promptStage } from './prompts/stage';
import { startWorker } from './start-worker';
import type { FromWorker } from './worker-protocol';

/** Time for the next good capture, in milliseconds. */
const lookMs = 45_000;
/** Identifiers towards the worker: the page's calls carry a prefix, so that none can pass for our own. */
const callPrefix = 'call ';
const withdrawId = 'withdraw';

/** Serves one connection for the life of the document. */
export function startSession({ origin, port }: Connection, root: HTMLElement) {
  document.documentElement.classList.add('embedded');
  let state = initialState;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  let lookTimer: ReturnType<typeof setTimeout> | undefined;

  const stage = promptStage(
    root,
    (act) => dispatch({ kind: 'user', act }),
    (credentialId) => dispatch({ kind: 'choose', credentialId }),
  );
  const trouble = (kind: Trouble) => dispatch({ kind: 'trouble', trouble: kind });
  const camera = cameraControl(stage.video, {
    open: () => dispatch({ kind: 'camera-open' }),
    trouble,
    frame: (bitmap, at) => worker.send({ kind: 'frame', bitmap, at }),
  });
  const worker = startWorker(onWorkerMessage);

  function dispatch(event: Event) {
    const [next, ...effects] = step(state, event);
    state = next;
    stage.show(state);
    for (const effect of effects) carryOut(effect);
    if (!state.job) clearTimeout(deadline);
  }

  function carryOut(effect: Effect) {
    switch (effect.do) {
      case 'tell-worker':
        return worker.send(effect.message);
      case 'answer':
        return reply({ requestId: effect.requestId, ok: effect.ok });
      case 'refuse':
        return reply({ requestId: effect.requestId, error: { code: effect.code } });
      case 'remember-colours':
        return rememberColours(effect.on);
      case 'open-camera':
        return camera.open();
      case 'feed-frames':
        return camera.feed();
      case 'stop-camera':
        clearTimeout(lookTimer);
        return camera.stop();
      case 'arm-look-timer':
        clearTimeout(lookTimer);
        lookTimer = setTimeout(() => trouble('look-timeout'), lookMs);
        return;
      case 'arm-deadline':
        clearTimeout(deadline);
        deadline = setTimeout(() => dispatch({ kind: 'deadline' }), effect.ms);
        return;
      case 'withdraw-consent':
        return worker.send({ kind: 'withdraw-consent', id: withdrawId, origin: effect.origin });
    }
  }

  function reply(answer: Answer) {
    port.postMessage(answer);
  }

  function onWorkerMessage(message: FromWorker) {
    if (message.kind === 'guidance') camera.credit();
    if (message.kind !== 'answer') return dispatch({ kind: 'worker', message, now: Date.now() });
    const { id, ok, error } = message;
    if (id === withdrawId) return dispatch({ kind: 'withdrawn', ok: error === undefined });
    const requestId = id.slice(callPrefix.length);
    reply(error === undefined ? { requestId, ok: ok ?? null } : { requestId, error: { code: error } });
  }

  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const request = parseRequest(data);
    switch (request?.kind) {
      case 'create':
      case 'get':
        return dispatch({ kind: 'request', job: jobOf(request, origin), colours: readColours() });
      case 'abort':
        return dispatch(request);
      case 'status':
        return worker.send({ kind: 'status', id: callPrefix + request.requestId, origin });
      case 'erase':
      case 'signalUnknownCredential':
        // The signed statement alone names what goes; what the page says beside it decides nothing.
        return worker.send({
          kind: 'erase',
          id: callPrefix + request.requestId,
          origin,
          statement: request.statement,
        });
      case 'signalAllAcceptedCredentials':
        return reply({ requestId: request.requestId, error: { code: 'not-supported' } });
    }
  };
  addEventListener('keydown', ({ key }) => key === 'Escape' && dispatch({ kind: 'user', act: 'cancel' }));
  addEventListener('pagehide', () => camera.stop());
  preloadWhenIdle(() => dispatch({ kind: 'preload' }));
}
