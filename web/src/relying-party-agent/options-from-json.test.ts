import { expect, test } from 'vitest';
import { creationFromJson, requestFromJson } from './options-from-json';

const list = (source: unknown) => Array.from(source as Uint8Array);

test('bytes in extensions are decoded, others and our own stay', () => {
  const prf = { eval: { first: 'AQ' }, evalByCredential: { Ag: { first: 'Aw', second: 'BA' } } };
  const options = requestFromJson({
    challenge: 'AQI',
    extensions: { prf, largeBlob: { write: 'BQ' }, mienPad: true },
  });
  const { extensions } = options as unknown as {
    extensions: {
      prf: { eval: { first: unknown }; evalByCredential: { Ag: { second: unknown } } };
      largeBlob: { write: unknown };
      mienPad: unknown;
    };
  };
  expect(list(extensions.prf.eval.first)).toEqual([1]);
  expect(list(extensions.prf.evalByCredential.Ag.second)).toEqual([4]);
  expect(list(extensions.largeBlob.write)).toEqual([5]);
  expect(extensions.mienPad).toBe(true);
});

test('what is missing is a TypeError, what is no base64url an EncodingError', () => {
  expect(() => requestFromJson({})).toThrow(TypeError);
  expect(() => creationFromJson({ challenge: 'AQ' })).toThrow(TypeError);
  expect(() => creationFromJson({ challenge: 'AQ', user: {} })).toThrow(TypeError);
  const encoding = expect.objectContaining({ name: 'EncodingError' });
  expect(() => requestFromJson({ challenge: 'A+' })).toThrow(encoding);
  expect(() =>
    requestFromJson({ challenge: 'AQ', allowCredentials: [{ type: 'public-key', id: '=' }] }),
  ).toThrow(encoding);
});
