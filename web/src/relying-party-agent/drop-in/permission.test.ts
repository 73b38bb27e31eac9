import { expect, test } from 'vitest';
import { permitted } from './permission';

const teller = (known: string[], allowed: string[]) => ({
  features: () => known,
  allowsFeature: (feature: string) => allowed.includes(feature),
});
const both = ['publickey-credentials-create', 'publickey-credentials-get'];

test('what the policy withholds is not permitted, each for itself', () => {
  const featurePolicy = teller(both, ['publickey-credentials-get']);
  expect(permitted('create', { featurePolicy })).toBe(false);
  expect(permitted('get', { featurePolicy })).toBe(true);
  expect(permitted('create', { permissionsPolicy: featurePolicy })).toBe(false);
});

test('a browser that does not know the feature, or tells nothing, permits', () => {
  expect(permitted('create', { featurePolicy: teller(['camera'], []) })).toBe(true);
  expect(permitted('get', {})).toBe(true);
});
