import { expect, test } from 'vitest';
import { problemOf } from './problem';

test('a known code is kept, with its statement', () => {
  const problem = problemOf({
    type: 'about:blank',
    status: 401,
    code: 'unknown-credential',
    statement: 'a.b.c',
  });
  expect(problem).toMatchObject({ code: 'unknown-credential', statement: 'a.b.c' });
});

test.each([null, 'x', {}, { code: 7 }, { code: 'new-code' }])('%j is internal', (body) => {
  expect(problemOf(body)).toMatchObject({ code: 'internal', statement: null });
});
