import { expect, test } from 'vitest';
import { type PortReceiver, shakeHands } from './shake-hands';

const origin = 'https://agent.example';

test('the port goes to the exact origin, and ready opens it', async () => {
  const sent: unknown[] = [];
  const receiver: PortReceiver = {
    postMessage(message, targetOrigin, [port]) {
      sent.push(message, targetOrigin);
      if (port instanceof MessagePort) port.postMessage({ kind: 'ready' });
    },
  };
  const port = await shakeHands(receiver, origin, 1000);
  expect(sent).toEqual([{ kind: 'mien-connect', version: 1 }, origin]);
  expect(port).toBeInstanceOf(MessagePort);
  port.close();
});

test('an agent that says anything but ready is not there', async () => {
  const receiver: PortReceiver = {
    postMessage(_message, _origin, [port]) {
      if (port instanceof MessagePort) port.postMessage({ kind: 'steady' });
    },
  };
  await expect(shakeHands(receiver, origin, 30)).rejects.toMatchObject({ code: 'agent-unavailable' });
});

test('silence ends in agent-unavailable', async () => {
  await expect(shakeHands({ postMessage() {} }, origin, 10)).rejects.toMatchObject({
    code: 'agent-unavailable',
    name: 'NetworkError',
  });
});
