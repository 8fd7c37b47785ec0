/** What is going on now. */

import {json, readiness, repeat} from './api.js';
import {chart} from './charts.js';
import {h, notice, setText, table} from './dom.js';
import {follow} from './events.js';
import {bytes, count, plural, rate, time} from './format.js';
import {UPLOAD_COLUMNS, howToBegin, isUnderWay, stateMark, uploadCells} from './uploads.js';

const LOOK_EVERY_MS = 2_000;
const DRAW_EVERY_MS = 500;
const MOST_SHOWN = 12;
const MOST_KEPT = 500;
/** Statuses come in steps of a second or two; over less the rate would jump. */
const RATE_OVER_MS = 6_000;

export function showNow(main, heading, signal) {
  const trouble = notice();
  const failure = notice();
  const figures = new Figures();
  const throughput = chart('Throughput', [
    {name: 'Came', unit: '/s', color: 'series-1'},
    {name: 'New', unit: '/s', color: 'series-2'},
  ], signal);
  const backlog = chart('Waiting in Kafka to be stored', [{name: 'Backlog', unit: '', color: 'series-1'}], signal);
  const uploads = new LatestUploads(signal);
  const services = table('Services',
    [{name: 'Service'}, {name: 'State'}, {name: 'Instance', grow: true}, {name: 'Since', number: true}], []);
  services.element.hidden = true;
  const none = h('p', {class: 'empty', hidden: true}, 'No chunker and no indexer runs, so nothing is stored or published. ',
    'To start them: ', h('code', {}, 'castore serve'));
  main.append(failure.element, trouble.element, figures.element,
    h('div', {class: 'charts'}, throughput.element, backlog.element),
    h('h2', {}, 'Uploads'), uploads.element,
    h('h2', {}, 'Services'), services.element, none);

  const samples = [];
  repeat(LOOK_EVERY_MS, signal, async () => {
    const [now, problems] = await Promise.all([json('/now', signal), readiness(signal)]);
    const {came, fresh} = rates(samples, now);
    figures.show(now, came);
    const at = Date.parse(now.at) / 1000;
    throughput.add(at, [came, fresh]);
    backlog.add(at, [now.backlog.bytes]);
    services.fill(now.services.map((one) => [one.role, stateMark(one.state, one.reason), one.instance, time(one.since)]));
    services.element.hidden = now.services.length === 0;
    none.hidden = now.services.length > 0;
    tellTrouble(trouble, problems, now.services);
  }, (problem) => {
    if (problem) failure.show(`${problem.message} What is shown may be old; it is tried again.`);
    else failure.hide();
  });

  uploads.follow();
}

function tellTrouble(trouble, problems, services) {
  const paused = services.filter((one) => one.state === 'PAUSED');
  const lines = [...problems];
  if (paused.length > 0) {
    lines.push(`${paused.map((one) => one.role).join(' and ')} paused, the store is away: ${paused[0].reason ?? ''}`);
  }
  if (lines.length === 0) trouble.hide();
  else trouble.show(`Not well: ${lines.join('; ')}`);
}

/** Bytes a second between what was counted some seconds ago and last. */
function rates(samples, now) {
  const at = Date.parse(now.uploads_counted_at);
  if (samples.length === 0 || at > samples.at(-1).at) samples.push({at, bytes: now.bytes, fresh: now.new_bytes});
  while (samples.length > 2 && samples[1].at <= at - RATE_OVER_MS) samples.shift();
  const first = samples[0];
  const last = samples.at(-1);
  const seconds = (last.at - first.at) / 1000;
  if (seconds <= 0) return {came: null, fresh: null};
  return {
    came: Math.max(0, (last.bytes - first.bytes) / seconds),
    fresh: Math.max(0, (last.fresh - first.fresh) / seconds),
  };
}

class Figures {
  constructor() {
    this.values = new Map();
    const figure = (name, hint) => {
      const value = h('dd', {}, '–');
      const below = h('dd', {class: 'hint'}, hint);
      this.values.set(name, {value, below});
      return h('div', {}, h('dt', {}, name), value, below);
    };
    this.element = h('dl', {class: 'figures'},
      figure('Coming in', ''), figure('Dedup ratio', ''), figure('Backlog', ''), figure('Under way', ''), figure('Failed', ''));
  }

  show(now, came) {
    const {OPEN = 0, SEALED = 0, COMPLETE = 0, FAILED = 0, ABORTED = 0, EXPIRED = 0} = now.uploads;
    this.set('Coming in', came === null ? '–' : rate(came), `${bytes(now.bytes)} in all`);
    this.set('Dedup ratio', now.dedup_ratio.toFixed(2), `${bytes(now.new_bytes)} new`);
    this.set('Backlog', bytes(now.backlog.bytes), plural(now.backlog.records, 'record'));
    this.set('Under way', count(OPEN + SEALED), `${count(COMPLETE)} complete`);
    this.set('Failed', count(FAILED), `${count(ABORTED)} aborted, ${count(EXPIRED)} expired`);
  }

  set(name, value, below) {
    setText(this.values.get(name).value, value);
    setText(this.values.get(name).below, below);
  }
}

/** The uploads that are under way, and those that ended last: a few of them, however many there are. */
class LatestUploads {
  constructor(signal) {
    this.signal = signal;
    this.uploads = new Map();
    this.list = table('Uploads', UPLOAD_COLUMNS, []);
    this.more = h('p', {class: 'hint'});
    this.failure = notice();
    this.element = h('div', {}, this.failure.element, this.list.element, this.more);
    this.list.element.hidden = true;
  }

  async follow() {
    const timer = setInterval(() => this.draw(), DRAW_EVERY_MS);
    this.signal.addEventListener('abort', () => clearInterval(timer), {once: true});
    try {
      await follow('/uploads/events', this.signal, {
        onStart: () => this.lookUp(),
        onEvent: (upload) => this.put(upload),
      });
    } catch (failure) {
      if (!this.signal.aborted) this.failure.show(failure.message);
    }
  }

  async lookUp() {
    const [open, last] = await Promise.all([
      json('/uploads?state=OPEN,SEALED&limit=100', this.signal),
      json(`/uploads?limit=${MOST_SHOWN}`, this.signal),
    ]);
    this.uploads.clear();
    for (const upload of [...open.uploads, ...last.uploads]) this.put(upload);
    this.draw();
  }

  put(upload) {
    this.uploads.delete(upload.upload_id);
    this.uploads.set(upload.upload_id, upload);
    this.changed = true;
    if (this.uploads.size > MOST_KEPT) {
      const old = [...this.uploads.values()].find((one) => !isUnderWay(one)) ?? this.uploads.values().next().value;
      this.uploads.delete(old.upload_id);
    }
  }

  draw() {
    if (!this.changed) return;
    this.changed = false;
    const all = [...this.uploads.values()].sort((a, b) =>
      isUnderWay(b) - isUnderWay(a) || (isUnderWay(a)
        ? b.upload_id.localeCompare(a.upload_id)
        : b.updated_at.localeCompare(a.updated_at)));
    const shown = all.slice(0, MOST_SHOWN);
    this.list.element.hidden = shown.length === 0;
    this.list.fill(shown.map(uploadCells), shown.map((one) => one.upload_id));
    const hidden = all.filter(isUnderWay).length - shown.filter(isUnderWay).length;
    this.more.className = shown.length === 0 ? 'empty' : 'hint';
    this.more.replaceChildren(hidden > 0 ? `${count(hidden)} more are under way. ` : '',
      ...(shown.length === 0 ? howToBegin() : [h('a', {href: '#/uploads'}, 'All uploads')]));
  }
}
