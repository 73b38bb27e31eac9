// What every screen is given.
import type { Config } from './api/server';
import type { Words } from './error-text';
import type { Deletion } from './flows/deregister';
import type { Ports } from './flows/ports';

export interface App {
  readonly ports: Ports;
  config(): Promise<Config>;
  /** Goes to an address such as `#/account`; `notice` is shown there once. */
  go(hash: string, notice?: Words): void;
  /** The notice left by the screen before; taken once. */
  takeNotice(): Words | null;
  /** What the last deletion did, for the screen that tells of it. */
  deletion: { readonly outcome: Deletion; readonly all: boolean } | null;
  /** What became of a credential that the site no longer knows. */
  gone: { readonly erased: boolean } | null;
}

/** Builds one screen; it may wait for the server first. */
export type Screen = (app: App) => HTMLElement | Promise<HTMLElement>;
