/** What audits and garbage collections found last. */

import {json, repeat} from './api.js';
import {facts, h, notice} from './dom.js';
import {bytes, count, time} from './format.js';

const LOOK_EVERY_MS = 30_000;
const COMMANDS = {
  'audit verify': 'Whether what the store holds is sound',
  'audit replay': 'Whether the store holds what the topics say',
  gc: 'What was removed, since nothing needs it',
};

export function showReports(main, heading, signal) {
  const failure = notice();
  const body = h('div');
  main.append(failure.element, body);
  repeat(LOOK_EVERY_MS, signal, async () => {
    const {reports} = await json('/reports', signal);
    body.replaceChildren(...Object.keys(COMMANDS).map((command) =>
      section(command, reports.find((report) => report.command === command))));
  }, (problem) => (problem ? failure.show(problem.message) : failure.hide()));
}

function section(command, report) {
  const id = command.replace(' ', '-');
  return h('section', {class: 'report', 'aria-labelledby': id},
    h('h2', {id}, h('code', {}, `castore ${command}`)),
    h('p', {class: 'hint'}, COMMANDS[command]),
    report ? h('p', {}, h('span', {class: `state ${report.clean ? 'COMPLETE' : 'FAILED'}`}, report.clean ? 'Clean' : 'Not clean'),
      ' as of ', h('time', {datetime: report.ended_at}, time(report.ended_at))) : h('p', {}, 'It was not run yet.'),
    report ? facts(flat(report.summary)) : null);
}

function flat(summary, prefix = '') {
  return Object.entries(summary).flatMap(([name, value]) => {
    if (name === 'summary' || name === 'dry_run') return [];
    const words = `${prefix}${name.replaceAll('_', ' ').replaceAll('-', ' ')}`;
    if (value !== null && typeof value === 'object') {
      const inner = flat(value, `${words}: `);
      return inner.length === 0 ? [[words, 'none']] : inner;
    }
    return [[words.charAt(0).toUpperCase() + words.slice(1), figure(name, value)]];
  });
}

function figure(name, value) {
  if (typeof value !== 'number') return String(value);
  if (/\bbytes\b/.test(name.replaceAll('_', ' '))) return bytes(value);
  return name === 'seconds' ? `${value.toFixed(1)} s` : count(value);
}
