/** What audits and garbage collections found last. */

import {json, repeat} from './api.js';
import {facts, h, notice} from './dom.js';
import {bytes, count, inWords, time} from './format.js';

const LOOK_EVERY_MS = 30_000;
const COMMANDS = {
  'audit verify': {asks: 'Is what the store holds sound?', good: 'Clean', bad: 'Not clean'},
  'audit replay': {asks: 'Does the store hold what the topics say?', good: 'Clean', bad: 'Not clean'},
  gc: {asks: 'What was removed, since nothing needs it?', good: 'Done', bad: 'Not all was removed'},
};

export function showReports(main, heading, signal) {
  const failure = notice();
  const body = h('div', {class: 'reports'});
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
    h('p', {class: 'hint'}, COMMANDS[command].asks),
    report ? found(report) : h('p', {class: 'empty'}, 'It was not run yet. What it finds shows up here, wherever it runs.'));
}

function found({command, clean, ended_at: endedAt, summary}) {
  const {good, bad} = COMMANDS[command];
  return [
    h('p', {}, h('span', {class: `state ${clean ? 'COMPLETE' : 'FAILED'}`}, clean ? good : bad),
      ' as of ', h('time', {datetime: endedAt}, time(endedAt))),
    ...figures(Object.entries(summary).filter(([name]) => name !== 'summary' && name !== 'dry_run')),
  ];
}

/** Shows figures below each other, but those groups side by side that have the same figures. */
function figures(entries) {
  const groups = new Map();
  const plain = [];
  for (const [name, value] of entries) {
    if (value === null || typeof value !== 'object') {
      plain.push([words(name), figure(name, value)]);
      continue;
    }
    const names = Object.keys(value).join();
    groups.set(names, [...(groups.get(names) ?? []), [name, value]]);
  }
  for (const [[name, group]] of [...groups.values()].filter((alike) => alike.length === 1)) {
    plain.push(...Object.entries(group).map(([one, value]) => [words(`${name}: ${one}`), figure(one, value)]));
    if (Object.keys(group).length === 0) plain.push([words(name), 'none']);
  }
  return [facts(plain), ...[...groups.values()].filter((alike) => alike.length > 1).map(matrix)];
}

function matrix(groups) {
  return h('table', {class: 'matrix'},
    h('thead', {}, h('tr', {}, h('td'), groups.map(([name]) => h('th', {scope: 'col', class: 'number'}, words(name))))),
    h('tbody', {}, Object.keys(groups[0][1]).map((one) => h('tr', {}, h('th', {scope: 'row'}, words(one)),
      groups.map(([, group]) => h('td', {class: 'number'}, figure(one, group[one])))))));
}

const words = (name) => inWords(name.replaceAll(/[_-]/g, ' '));

function figure(name, value) {
  if (typeof value !== 'number') return String(value);
  if (/(^|_)bytes(_|$)/.test(name)) return bytes(value);
  return name === 'seconds' ? `${value.toFixed(1)} s` : count(value);
}
