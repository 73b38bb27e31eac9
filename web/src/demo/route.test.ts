import { expect, test } from 'vitest';
import { parseRoute } from './route';

test.each([
  ['', { screen: 'welcome' }],
  ['#/', { screen: 'welcome' }],
  ['#/create', { screen: 'create' }],
  ['#/privacy', { screen: 'privacy' }],
  ['#/delete/all', { screen: 'delete', target: 'all' }],
  ['#/delete/abc-_9', { screen: 'delete', target: 'abc-_9' }],
  ['#/delete/', { screen: 'welcome' }],
  ['#/delete/<b>', { screen: 'welcome' }],
  ['#/account/x', { screen: 'welcome' }],
  ['#/toString', { screen: 'welcome' }],
])('%s', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});
