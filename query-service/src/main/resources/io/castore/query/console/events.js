/** Follows server-sent events. Not with EventSource, which can send no token. */

import {pause, request, whenSeen} from './api.js';
import {announce, setText} from './dom.js';

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The service says something every 15 seconds at least. */
const SILENCE_MS = 40_000;

const LABELS = {connecting: 'Connecting', live: 'Live', idle: 'Paused', lost: 'Connection lost',
  busy: 'Not live, the service is busy'};

/**
 * Follows a path until the signal aborts, or the service says that nothing more comes. A connection that breaks is made
 * again after a pause that grows; none is kept while nobody sees the page.
 *
 * @param onStart is called, and waited for, after each connection was made: what has changed before is to be looked up
 * @param onEvent gets each event's data
 */
export async function follow(path, signal, {onStart, onEvent}) {
  let failures = 0;
  tell('connecting', null);
  while (!signal.aborted) {
    await whenSeen(signal);
    let connection = null;
    const connect = () => {
      connection?.end();
      connection = new Connection(signal);
      return connection.signal;
    };
    let state = 'lost';
    try {
      const response = await request(path, connect, {Accept: 'text/event-stream'});
      if (response.status === 204) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      await onStart?.();
      tell('live', failures > 1 ? 'Connected again.' : null);
      failures = 0;
      await read(reader, connection, onEvent);
    } catch (failure) {
      if (signal.aborted) return;
      if (failure.status === 404 || failure.status === 400) throw failure;
      if (failure.status === 503) {
        // Too many follow already, say. It can be looked up all the same.
        state = 'busy';
        await Promise.resolve(onStart?.()).catch(() => {});
      }
    } finally {
      connection?.end();
    }
    if (document.hidden) {
      tell('idle', null);
      continue;
    }
    failures++;
    const wait = Math.min(SHORTEST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
    if (failures > 1) tell(state, failures === 2 ? `${LABELS[state]}. Trying again.` : null, wait);
    await pause(wait, signal);
  }
}

/** One connection, which ends when the page is not seen any more or nothing comes. */
class Connection {
  constructor(parent) {
    this.controller = new AbortController();
    this.signal = AbortSignal.any([parent, this.controller.signal]);
    this.onHidden = () => document.hidden && this.end();
    document.addEventListener('visibilitychange', this.onHidden);
    this.heard();
  }

  heard() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), SILENCE_MS);
  }

  end() {
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onHidden);
    this.controller.abort();
  }
}

async function read(reader, connection, onEvent) {
  let buffer = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    connection.heard();
    buffer += value;
    const events = buffer.split(/\r?\n\r?\n/);
    buffer = events.pop();
    for (const event of events) {
      const {name, data} = parse(event);
      if (name === 'overflow') return;
      if (data) onEvent(JSON.parse(data));
    }
  }
}

function parse(event) {
  let name = 'message';
  const data = [];
  for (const line of event.split(/\r?\n/)) {
    if (line.startsWith('event:')) name = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  return {name, data: data.join('\n')};
}

function tell(state, announcement, wait) {
  const element = document.getElementById('connection');
  element.dataset.state = state;
  setText(element, wait ? `${LABELS[state]}, again in ${Math.ceil(wait / 1000)} s` : LABELS[state]);
  if (announcement) announce(announcement);
}

/** Tells that the view that is shown follows nothing. */
export function notLive() {
  const element = document.getElementById('connection');
  element.dataset.state = 'idle';
  setText(element, '');
}
