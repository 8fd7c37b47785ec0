/** Asks the service. */

import {sentence} from './format.js';
import {askForToken, authorization, token} from './token.js';

const PATIENCE_MS = 15_000;

/** An answer other than the wanted one. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * Sends a request, and asks for a token where one is wanted. Throws a Problem for any other answer than a good one.
 *
 * @param newSignal gives the signal of a try: there are several where a token is asked for, which takes its time
 */
export async function request(path, newSignal, headers = {}) {
  for (;;) {
    const used = token();
    const response = await send(path, newSignal(), headers);
    if (response.status !== 401) {
      if (response.ok) return response;
      throw await problem(response);
    }
    if (token() === used) {
      await askForToken(used ? 'The service does not know this token.' : null);
    }
  }
}

async function send(path, signal, headers) {
  try {
    return await fetch(path, {signal, cache: 'no-cache', headers: {...authorization(), ...headers}});
  } catch (failure) {
    if (signal.aborted) throw failure;
    throw new Problem(0, 'The service does not answer.');
  }
}

async function problem(response) {
  if (response.status === 403) return new Problem(403, 'The token lacks the scope “read”.');
  try {
    const {detail} = await response.json();
    return new Problem(response.status, sentence(detail));
  } catch {
    return new Problem(response.status, `The service answered ${response.status}.`);
  }
}

/** Gets JSON, within some seconds. */
export async function json(path, signal) {
  try {
    const response = await request(path, () => AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    return await response.json();
  } catch (failure) {
    if (failure.name === 'TimeoutError') throw new Problem(0, 'The service did not answer in time.');
    throw failure;
  }
}

/** What the service says of itself; everybody may ask. */
export async function readiness(signal) {
  try {
    const response = await fetch('/health/ready', {signal, cache: 'no-store'});
    const {checks} = await response.json();
    return Object.values(checks ?? {});
  } catch (failure) {
    if (signal.aborted) throw failure;
    return ['the service does not answer'];
  }
}

/**
 * Does something now and again, while the page is seen. What fails is told, and tried again later and later.
 */
export async function repeat(pauseMs, signal, action, onFailure) {
  let wait = pauseMs;
  while (!signal.aborted) {
    try {
      await action();
      wait = pauseMs;
      onFailure(null);
    } catch (failure) {
      if (signal.aborted) return;
      onFailure(failure);
      wait = Math.min(wait * 2, 30_000);
    }
    await pause(wait, signal);
    await whenSeen(signal);
  }
}

export function pause(millis, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
  });
}

/** Waits until the page is seen. */
export function whenSeen(signal) {
  if (!document.hidden || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}
