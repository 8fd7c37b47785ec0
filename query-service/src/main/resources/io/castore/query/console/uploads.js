/** Uploads, a page at a time. */

import {json} from './api.js';
import {h, notice, setText, table} from './dom.js';
import {follow} from './events.js';
import {bytes, count, inWords, percent, plural, shortDigest, time} from './format.js';

const PAGE = 50;
const DRAW_EVERY_MS = 500;
const STATES = ['OPEN', 'SEALED', 'COMPLETE', 'FAILED', 'ABORTED', 'EXPIRED'];

export const UPLOAD_COLUMNS = [
  {name: 'Source', grow: true}, {name: 'State'}, {name: 'Received', number: true}, {name: 'Chunks', number: true},
  {name: 'New', number: true}, {name: 'Changed', number: true},
];

export const isUnderWay = (upload) => upload.state === 'OPEN' || upload.state === 'SEALED';

/** A state in color and words, and why it is so. */
export function stateMark(state, reason) {
  return h('span', {}, h('span', {class: `state ${state}`}, inWords(state)),
    reason ? h('span', {class: 'reason', title: reason}, reason) : null);
}

/** What to do where there is nothing to see yet. */
export function howToBegin() {
  return ['No upload yet. To begin one: ', h('code', {}, `castore ingest PATH --server ${location.origin}`)];
}

/** The cells of an upload's row. */
export function uploadCells(upload) {
  return [
    h('a', {href: `#/upload/${upload.upload_id}`, class: 'source', title: upload.source || upload.upload_id},
      upload.source || upload.upload_id),
    stateMark(upload.state, upload.reason),
    received(upload),
    count(upload.chunks_received),
    upload.bytes_received === 0 ? '–' : percent(upload.new_bytes, upload.bytes_received),
    h('time', {datetime: upload.updated_at}, time(upload.updated_at)),
  ];
}

function received(upload) {
  if (!isUnderWay(upload)) return bytes(upload.bytes_received);
  if (!upload.digest) return `${bytes(upload.bytes_received)} so far`;
  const text = `${bytes(upload.bytes_received)} of ${bytes(upload.size)}`;
  return h('span', {class: 'progress'}, text,
    h('progress', {max: Math.max(1, upload.size), value: upload.bytes_received, 'aria-label': `Progress: ${text}`}));
}

export function showUploads(main, heading, signal) {
  new Pages(main, signal).start();
}

class Pages {
  constructor(main, signal) {
    this.signal = signal;
    this.cursors = [null];
    this.next = null;
    this.uploads = new Map();
    this.newer = 0;
    this.state = h('select', {id: 'state', onchange: () => this.first()},
      h('option', {value: ''}, 'Any'), STATES.map((one) => h('option', {value: one}, inWords(one))));
    this.source = h('input', {id: 'source', type: 'search', autocomplete: 'off', spellcheck: 'false',
      placeholder: 'file:///…'});
    this.list = table('Uploads, the newest first', UPLOAD_COLUMNS, []);
    this.empty = h('p', {class: 'empty', hidden: true});
    this.failure = notice();
    this.toNewer = h('button', {type: 'button', onclick: () => this.turn(-1)}, 'Newer');
    this.toOlder = h('button', {type: 'button', onclick: () => this.turn(1)}, 'Older');
    this.where = h('p', {role: 'status', class: 'hint'});
    this.fresh = h('button', {type: 'button', class: 'quiet', hidden: true, onclick: () => this.first()});
    const form = h('form', {class: 'filter', role: 'search', 'aria-label': 'Uploads',
      onsubmit: (event) => {
        event.preventDefault();
        this.first();
      }},
    h('div', {}, h('label', {for: 'state'}, 'State'), this.state),
    h('div', {class: 'grow'}, h('label', {for: 'source'}, 'Source starts with'), this.source),
    h('button', {type: 'submit'}, 'Show'));
    main.append(form, this.failure.element, this.fresh, this.list.element, this.empty,
      h('nav', {class: 'pages', 'aria-label': 'Pages'}, this.toNewer, this.toOlder, this.where));
  }

  start() {
    const timer = setInterval(() => this.draw(), DRAW_EVERY_MS);
    this.signal.addEventListener('abort', () => clearInterval(timer), {once: true});
    follow('/uploads/events', this.signal, {
      onStart: () => this.load(),
      onEvent: (upload) => this.changedTo(upload),
    }).catch((failure) => this.fail(failure));
  }

  first() {
    this.cursors = [null];
    this.load().catch((failure) => this.fail(failure));
  }

  turn(step) {
    if (step > 0) this.cursors.push(this.next);
    else this.cursors.pop();
    this.load().then(() => this.list.element.focus()).catch((failure) => this.fail(failure));
  }

  async load() {
    const parameters = new URLSearchParams({limit: PAGE});
    if (this.state.value) parameters.set('state', this.state.value);
    if (this.source.value) parameters.set('source', this.source.value);
    if (this.cursors.at(-1)) parameters.set('cursor', this.cursors.at(-1));
    const page = await json(`/uploads?${parameters}`, this.signal);
    this.failure.hide();
    this.next = page.next ?? null;
    this.uploads = new Map(page.uploads.map((upload) => [upload.upload_id, upload]));
    this.newer = 0;
    this.changed = true;
    this.draw();
    this.toNewer.disabled = this.cursors.length === 1;
    this.toOlder.disabled = this.next === null;
    setText(this.where, `Page ${this.cursors.length}, ${plural(page.uploads.length, 'upload')}`);
  }

  /** Rows stay where they are; what is new is only counted. */
  changedTo(upload) {
    if (this.uploads.has(upload.upload_id)) {
      this.uploads.set(upload.upload_id, upload);
      this.changed = true;
    } else if (upload.state === 'OPEN' && upload.chunks_received === 0) {
      this.newer++;
      this.changed = true;
    }
  }

  draw() {
    if (!this.changed) return;
    this.changed = false;
    this.list.fill([...this.uploads.values()].map(uploadCells), [...this.uploads.keys()]);
    this.list.element.hidden = this.uploads.size === 0;
    this.empty.hidden = this.uploads.size > 0;
    this.empty.replaceChildren(...(this.state.value || this.source.value || this.cursors.length > 1
      ? ['No upload is so. Try another state, or less of the source’s name.'] : howToBegin()));
    this.fresh.hidden = this.newer === 0;
    setText(this.fresh, `${plural(this.newer, 'upload')} began since. Show the newest`);
  }

  fail(failure) {
    if (!this.signal.aborted) this.failure.show(failure.message);
  }
}

/** A link to what an upload has made. */
export function digestLink(hex, whole) {
  return h('a', {href: `#/digest/${hex}`, class: 'digest', title: hex}, whole ? hex : shortDigest(hex));
}
