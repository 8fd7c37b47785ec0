/** What a digest names, and what it consists of. */

import {json, request} from './api.js';
import {bar, labelOf} from './bar.js';
import {toHex} from './digests.js';
import {facts, h, notice, setText, table} from './dom.js';
import {bytes, count, percent, plural} from './format.js';
import {token} from './token.js';
import {digestLink} from './uploads.js';

const EMPTY = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262';
/** A blob has millions of chunks, at worst. More are neither read nor shown. */
const MOST_CHUNKS = 20_000;
const ROWS_A_PAGE = 100;
/** What is downloaded with a token is held by the browser first, where it cannot write to a file. */
const MOST_HELD = 2 ** 30;

export function showDigest(main, heading, signal, text) {
  const wanted = decoded(text ?? '');
  const input = h('input', {id: 'digest', class: 'mono', type: 'text', autocomplete: 'off', spellcheck: 'false', required: true,
    'aria-describedby': 'digest-hint digest-error', value: wanted});
  const error = h('p', {id: 'digest-error', class: 'error', role: 'alert'});
  const form = h('form', {class: 'filter', role: 'search', 'aria-label': 'Digest', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const hex = toHex(input.value);
    input.setAttribute('aria-invalid', String(hex === null));
    setText(error, hex === null ? 'This is no digest: 64 hex characters, b3:… or blake3-… are.' : '');
    if (hex === null) input.focus();
    else if (location.hash === `#/digest/${hex}`) look(hex);
    else location.hash = `#/digest/${hex}`;
  }}, h('div', {class: 'grow'}, h('label', {for: 'digest'}, 'Digest of a blob or a chunk'), input),
  h('button', {type: 'submit'}, 'Look up'));
  const result = h('div');
  main.append(form, h('p', {id: 'digest-hint', class: 'hint'}, '64 hex characters, ', h('code', {}, 'b3:'),
    ' or ', h('code', {}, 'blake3-'), ' and base64.'), error, result);

  const look = (hex) => {
    result.replaceChildren(h('p', {class: 'hint'}, 'Looking it up.'));
    new Found(hex, signal).show(result).catch((failure) => {
      if (signal.aborted) return;
      result.replaceChildren(h('p', {class: 'notice', role: 'alert'}, ...(failure.status === 404
        ? ['The store has neither a blob nor a chunk of this digest. Is it one of BLAKE3, and of this store? The ',
          h('a', {href: '#/uploads'}, 'uploads'), ' lead to the digests of their blobs.'] : [failure.message])));
    });
  };
  if (!wanted) {
    result.append(h('p', {class: 'empty'}, 'A digest is what ', h('code', {}, 'castore ingest'),
      ' prints beside a file’s name. The ', h('a', {href: '#/uploads'}, 'uploads'), ' lead to those of their blobs.'));
    return;
  }
  const hex = toHex(wanted);
  if (hex === null) form.requestSubmit();
  else look(hex);
}

/** Gives the text of an address, whoever wrote that. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Something that is in the store. */
class Found {
  constructor(hex, signal) {
    this.hex = hex;
    this.signal = signal;
  }

  async show(result) {
    const {size, chunks, isWhole} = await chunkList(this.hex, this.signal);
    this.chunks = chunks;
    markRepeats(chunks);
    result.replaceChildren(facts([
      ['What it is', this.kind()],
      ['Size', `${bytes(size)} (${count(size)} bytes)`],
      ['Chunks', isWhole ? count(chunks.length) : `more than ${count(chunks.length)}`],
      ['Digest', h('code', {}, this.hex)],
    ]), downloadOf(this.hex, size, this.signal));
    if (chunks.length === 0) return;
    const sharing = h('section', {'aria-labelledby': 'sharing'}, h('h2', {id: 'sharing'}, 'Shared with other blobs'),
      h('p', {class: 'hint'}, 'Looking at the blobs that were uploaded last.'));
    // Bytes of the chunks that are shown.
    this.drawn = chunks.at(-1).offset + chunks.at(-1).size;
    this.picture = bar(chunks, this.drawn, labelOf(chunks, this.drawn), (number) => this.describe(number), this.signal);
    this.list = new ChunkTable(chunks);
    result.append(
      h('section', {'aria-labelledby': 'chunks'},
        h('h2', {id: 'chunks'}, 'Chunks, to scale'),
        isWhole ? null : h('p', {class: 'hint'}, `The first ${count(chunks.length)} chunks, ${bytes(this.drawn)}.`),
        legend(), this.picture.element, this.list.element),
      sharing);
    await this.share(sharing);
  }

  kind() {
    if (this.hex === EMPTY) return 'The empty blob';
    return this.chunks.length === 1 ? 'A single chunk: a small blob, or a part of larger ones' : 'A blob';
  }

  describe(number) {
    const chunk = this.chunks[number];
    const others = chunk.blobs > 0 ? `; in ${plural(chunk.blobs, 'other blob')}` : '';
    const repeats = chunk.times > 1 ? `; ${count(chunk.times)} times in this blob` : '';
    const where = `Chunk ${count(number + 1)} at ${count(chunk.offset)}`;
    return `${where}: ${bytes(chunk.size)}, ${chunk.digest.slice(0, 16)}…${others}${repeats}`;
  }

  async share(section) {
    let found;
    try {
      found = await json(`/blobs/${this.hex}/sharing`, this.signal);
    } catch (failure) {
      if (this.signal.aborted) return;
      section.replaceChildren(section.firstChild, h('p', {class: 'notice'}, failure.message, ' '),
        h('button', {type: 'button', onclick: () => this.share(section)}, 'Look again'));
      return;
    }
    found.chunk_blobs.slice(0, this.chunks.length).forEach((blobs, i) => {
      const chunk = this.chunks[i];
      chunk.blobs = blobs;
      if (blobs > 0) chunk.kind = 'chunk-shared';
    });
    this.picture.draw();
    this.picture.element.querySelector('canvas').setAttribute('aria-label', labelOf(this.chunks, this.drawn));
    this.list.draw();
    section.replaceChildren(section.firstChild, h('p', {}, this.howMuch(found)), h('p', {class: 'hint'}, howFar(found)),
      found.blobs.length === 0 ? '' : blobTable(found));
  }

  howMuch(found) {
    if (found.blobs.length === 0) return 'No other blob has a chunk of it.';
    const shared = this.chunks.filter((chunk) => chunk.blobs > 0);
    const size = shared.reduce((sum, chunk) => sum + chunk.size, 0);
    const part = `${bytes(size)} of ${bytes(this.drawn)} (${percent(size, this.drawn)})`;
    return `${part}, in ${count(shared.length)} of ${plural(this.chunks.length, 'chunk')}, also in ${plural(found.blobs_found, 'other blob')}.`;
  }
}

function howFar(found) {
  const looked = `${plural(found.looked_at.blobs, 'other blob')} of ${plural(found.looked_at.chunks, 'chunk')}`;
  return found.whole
    ? `Looked at all ${looked} that uploads have made.`
    : `Looked at the ${looked} that were uploaded last. Others may share chunks, too.`;
}

function blobTable(found) {
  const list = table('Blobs that share chunks', [{name: 'Source', grow: true}, {name: 'Digest'}, {name: 'Shared chunks', number: true},
    {name: 'Shared', number: true}, {name: 'Size', number: true}],
  found.blobs.map((blob) => [h('span', {class: 'source', title: blob.source}, blob.source || '–'), digestLink(blob.digest),
    count(blob.shared_chunks), bytes(blob.shared_bytes), bytes(blob.size)]));
  const hidden = found.blobs_found - found.blobs.length;
  return h('div', {}, list.element, hidden > 0 ? h('p', {class: 'hint'}, `And ${count(hidden)} more.`) : null);
}

function legend() {
  const key = (kind, text) => h('span', {}, h('i', {class: `key ${kind}`, 'aria-hidden': 'true'}), text);
  return h('p', {class: 'legend'}, key('chunk-shared', 'also in other blobs'),
    key('chunk-repeated', 'more than once in this one'), key('chunk-own', 'in this one only'));
}

function markRepeats(chunks) {
  const times = new Map();
  for (const chunk of chunks) times.set(chunk.digest, (times.get(chunk.digest) ?? 0) + 1);
  for (const chunk of chunks) {
    chunk.times = times.get(chunk.digest);
    chunk.blobs = 0;
    chunk.kind = chunk.times > 1 ? 'chunk-repeated' : 'chunk-own';
  }
}

/** All chunks, a page at a time. */
class ChunkTable {
  constructor(chunks) {
    this.chunks = chunks;
    this.page = 0;
    this.list = table('Chunks', [{name: 'Chunk', number: true}, {name: 'Offset', number: true}, {name: 'Size', number: true},
      {name: 'Digest'}, {name: 'Times here', number: true}, {name: 'Other blobs', number: true}], []);
    this.before = h('button', {type: 'button', onclick: () => this.turn(-1)}, 'Before');
    this.after = h('button', {type: 'button', onclick: () => this.turn(1)}, 'After');
    this.where = h('p', {class: 'hint', role: 'status'});
    const pages = h('nav', {class: 'pages', 'aria-label': 'Pages of chunks'}, this.before, this.after, this.where);
    pages.hidden = chunks.length <= ROWS_A_PAGE;
    this.element = h('details', {}, h('summary', {}, 'As a table'), this.list.element, pages);
    this.draw();
  }

  turn(step) {
    this.page += step;
    this.draw();
  }

  draw() {
    const first = this.page * ROWS_A_PAGE;
    const shown = this.chunks.slice(first, first + ROWS_A_PAGE);
    this.list.fill(shown.map((chunk, i) => [count(first + i + 1), count(chunk.offset), count(chunk.size),
      digestLink(chunk.digest), count(chunk.times), count(chunk.blobs)]));
    this.before.disabled = this.page === 0;
    this.after.disabled = first + ROWS_A_PAGE >= this.chunks.length;
    setText(this.where, `${count(first + 1)} to ${count(first + shown.length)} of ${count(this.chunks.length)}`);
  }
}

/** Reads a list of chunks, which can be of any length, as far as it is shown. */
async function chunkList(hex, signal) {
  const stop = new AbortController();
  const response = await request(`/blobs/${hex}/chunks`, () => AbortSignal.any([signal, stop.signal]));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let entries = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return {...JSON.parse(text), isWhole: true};
    text += value;
    for (const character of value) entries += character === '}' ? 1 : 0;
    if (entries > MOST_CHUNKS) {
      stop.abort();
      // Up to the last chunk that another one follows: what came last may end in the middle of one, or of everything.
      const {size, chunks} = JSON.parse(`${text.slice(0, text.lastIndexOf('},') + 1)}]}`);
      return {size, chunks: chunks.slice(0, MOST_CHUNKS), isWhole: false};
    }
  }
}

function downloadOf(hex, size, signal) {
  if (!token()) return h('p', {class: 'actions'}, h('a', {class: 'button', href: `/blobs/${hex}`, download: hex}, 'Download'));
  const told = h('p', {class: 'hint', role: 'status'});
  const button = h('button', {type: 'button', onclick: async () => {
    button.disabled = true;
    try {
      setText(told, await save(hex, size, signal));
    } catch (failure) {
      if (!signal.aborted && failure.name !== 'AbortError') setText(told, `It was not downloaded: ${failure.message}`);
    }
    button.disabled = false;
  }}, 'Download');
  return h('div', {class: 'actions'}, button, told);
}

/** A link would not bring the token along. */
async function save(hex, size, signal) {
  if ('showSaveFilePicker' in window) {
    const file = await window.showSaveFilePicker({suggestedName: hex});
    const response = await request(`/blobs/${hex}`, () => signal);
    await response.body.pipeTo(await file.createWritable());
    return 'Downloaded.';
  }
  if (size > MOST_HELD) {
    return `Too large for this browser to hold. castore cat ${hex} --server ${location.origin} gives it.`;
  }
  const response = await request(`/blobs/${hex}`, () => signal);
  const url = URL.createObjectURL(await response.blob());
  h('a', {href: url, download: hex}).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return 'Downloaded.';
}
