import { expect, test } from 'vitest';
import { status } from './status';

const answering = (answer: unknown) => ({ channel: { call: async () => answer, close() {} } });

test('a well-formed answer is passed on', async () => {
  await expect(status(answering({ credentials: 2, consent: 1 }))).resolves.toEqual({
    credentials: 2,
    consent: 1,
  });
  await expect(status(answering({ credentials: 0, consent: null }))).resolves.toEqual({
    credentials: 0,
    consent: null,
  });
});

test.each([null, {}, { credentials: '2', consent: 1 }, { credentials: 2 }])(
  '%j is refused',
  async (answer) => {
    await expect(status(answering(answer))).rejects.toMatchObject({ code: 'unknown' });
  },
);
