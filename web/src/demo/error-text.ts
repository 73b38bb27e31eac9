// Every failure in plain words: what happened, and what to do about it.
import { MienError, type MienErrorCode } from '../relying-party-agent/mien-error';
import { Problem, type ProblemCode } from './api/problem';

/** A notice on screen. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const server: Record<ProblemCode, Words> = {
  offline: {
    title: 'No connection',
    text: 'The site cannot be reached. Check your connection and try again.',
  },
  'malformed-request': {
    title: 'That did not work',
    text: 'The site did not understand the request. Check the name and try again.',
  },
  'body-too-large': { title: 'That did not work', text: 'The request was too large for the site.' },
  'uri-too-long': { title: 'That did not work', text: 'The address was too long for the site.' },
  'unsupported-media-type': { title: 'That did not work', text: 'The site did not understand the request.' },
  'request-timeout': {
    title: 'That took too long',
    text: 'The connection was too slow. Nothing was changed. Please try again.',
  },
  'method-not-allowed': { title: 'That did not work', text: 'The site did not understand the request.' },
  'ceremony-unknown': {
    title: 'That took too long',
    text: 'The site waits two minutes for an answer. Please start again.',
  },
  'username-invalid': {
    title: 'This name cannot be used',
    text: 'Use letters of one script, digits and simple punctuation, at most 64 characters.',
  },
  'username-taken': { title: 'That name is taken', text: 'Choose another one, or sign in if it is yours.' },
  'registration-not-allowed': {
    title: 'No account for this name',
    text: 'The site does not allow it. Choose another name, or ask the site.',
  },
  'authenticator-not-allowed': {
    title: 'The site does not take this kind of sign-in',
    text: 'Use another passkey or security key.',
  },
  'verification-failed': {
    title: 'The site did not accept it',
    text: 'The answer could not be verified. Nothing was changed. Please start again.',
  },
  'unknown-credential': {
    title: 'This sign-in is no longer known',
    text: 'The site has no account for it. You can create a new one.',
  },
  'credential-waits': {
    title: 'Too many failed attempts',
    text: 'The site waits before it takes this sign-in again. Try later, or use another one.',
  },
  'credential-disabled': {
    title: 'This sign-in is disabled',
    text: 'There were too many failed attempts with it. Use another one, or ask the site.',
  },
  'not-signed-in': { title: 'You are signed out', text: 'Sign in again to go on.' },
  'session-stale': { title: 'Please confirm that it is you', text: 'Sign in again, then repeat the step.' },
  'too-many-requests': { title: 'Too many attempts', text: 'Wait a minute, then try again.' },
  'not-found': { title: 'Not found', text: 'The site does not know this page.' },
  'forbidden-origin': { title: 'Not from here', text: 'The site refuses requests from this address.' },
  unavailable: { title: 'The site is busy', text: 'Please try again in a moment.' },
  internal: { title: 'The site has a problem', text: 'Nothing was changed. Please try again in a moment.' },
};

const agent: Record<MienErrorCode, Words> = {
  'not-allowed': {
    title: 'Not signed in',
    text: 'The check was cancelled, took too long, or found nothing here that fits.',
  },
  'invalid-state': {
    title: 'Already registered',
    text: 'This device has a sign-in for this account already. Sign in with it.',
  },
  security: { title: 'Refused for your safety', text: 'This address may not use these sign-ins.' },
  'not-supported': {
    title: 'Not supported here',
    text: 'This browser cannot do that. Try the other way to sign in.',
  },
  constraint: { title: 'Not possible here', text: 'This device cannot check that it is you.' },
  data: { title: 'That did not work', text: 'The request was not well formed.' },
  syntax: { title: 'That did not work', text: 'The request was not well formed.' },
  unknown: {
    title: 'That did not work',
    text: 'Something unexpected happened on this device. Nothing was changed. Please try again.',
  },
  'fallback-requested': { title: 'Passkey', text: 'Go on with a passkey.' },
  aborted: { title: 'Stopped', text: 'The check was stopped.' },
  'agent-unavailable': {
    title: 'The face check is not available',
    text: 'It could not be loaded in this browser. Try again, or use a passkey.',
  },
};

/** Never shows an error's own message: it is not written for people. */
export function errorText(error: unknown): Words {
  if (error instanceof Problem) return server[error.code];
  if (error instanceof MienError) return agent[error.code];
  return agent.unknown;
}
