// The demo's addresses: what stands behind the # names the screen.

export type Route =
  | { readonly screen: 'welcome' | 'create' | 'account' | 'deleted' | 'gone' | 'privacy' }
  /** `target`: a credential ID, or `all`. */
  | { readonly screen: 'delete'; readonly target: string };

/** An address that names no screen is the first one. */
export function parseRoute(hash: string): Route {
  const [screen = '', target = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'delete' && /^[A-Za-z0-9_-]+$/.test(target) && rest.length === 0) return { screen, target };
  if (target !== '') return { screen: 'welcome' };
  switch (screen) {
    case 'create':
    case 'account':
    case 'deleted':
    case 'gone':
    case 'privacy':
      return { screen };
    default:
      return { screen: 'welcome' };
  }
}
