/** Charts of figures over time, with uPlot, and the same figures as text and as a table. */

import uPlot from './uPlot.esm.js';
import {h, setText} from './dom.js';
import {bytes, time} from './format.js';

const HEIGHT = 180;
const ROWS_OF_TABLE = 12;
const LONGEST_SPAN_S = 300;
const SHORTEST_SPAN_S = 60;

/**
 * Makes a chart.
 *
 * @param title what it shows
 * @param series names, units and CSS variables of colours: `{name, unit, color}`
 */
export function chart(title, series, signal) {
  const times = [];
  const values = series.map(() => []);
  const box = h('div', {class: 'plot', role: 'img', 'aria-label': `${title}: no figures yet`});
  const keys = series.map((one) => h('span', {class: 'value'}, '–'));
  const legend = h('p', {class: 'legend'}, series.map((one, i) =>
    h('span', {}, h('i', {class: `key ${one.color}`, 'aria-hidden': 'true'}), one.name, ' ', keys[i])));
  const rows = h('tbody');
  const details = h('details', {ontoggle: () => fillTable()},
    h('summary', {}, 'As a table'),
    h('table', {}, h('caption', {class: 'unseen'}, title),
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'Time'),
        series.map((one) => h('th', {scope: 'col', class: 'number'}, one.name)))),
      rows));
  const element = h('section', {class: 'chart', 'aria-label': title},
    h('div', {class: 'head'}, h('h2', {}, title), legend), box, details);
  let plot = null;

  const span = () => {
    const last = times.at(-1) ?? Date.now() / 1000;
    return [Math.min(times[0] ?? last, last - SHORTEST_SPAN_S), last];
  };
  const write = (one, value) => (value === null || value === undefined ? '–' : `${bytes(value)}${one.unit}`);

  function draw() {
    plot?.destroy();
    plot = null;
    const width = box.clientWidth;
    if (width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const css = (name) => style.getPropertyValue(`--${name}`).trim();
    const axis = {stroke: css('muted'), grid: {stroke: css('line'), width: 1}, ticks: {show: false},
      font: `12px ${style.fontFamily}`};
    plot = new uPlot({
      width,
      height: HEIGHT,
      legend: {show: false},
      cursor: {y: false, drag: {x: false, y: false}},
      scales: {
        x: {range: span},
        y: {range: (u, min, max) => [0, Math.max(max ?? 0, 1000) * 1.15]},
      },
      axes: [
        {...axis, size: 32, gap: 9, space: 80, values: (u, splits) => splits.map((s) => time(s * 1000).slice(0, 8))},
        {...axis, size: 66, gap: 8, space: 36, values: (u, splits) => splits.map((s) => write(series[0], s).replace('.0 ', ' '))},
      ],
      series: [{}, ...series.map((one, i) => ({
        label: one.name,
        stroke: css(one.color),
        width: 2,
        fill: i === 0 ? css('fill-1') : undefined,
        dash: i === 0 ? undefined : [6, 3],
        points: {show: false},
      }))],
      hooks: {setCursor: [(u) => tell(u.cursor.idx ?? times.length - 1)]},
    }, [times, ...values], box);
  }

  function tell(index) {
    series.forEach((one, i) => setText(keys[i], write(one, values[i][index])));
  }

  function fillTable() {
    if (!details.open) return;
    const first = Math.max(0, times.length - ROWS_OF_TABLE);
    rows.replaceChildren(...times.slice(first).map((at, i) => h('tr', {}, h('td', {}, time(at * 1000)),
      series.map((one, n) => h('td', {class: 'number'}, write(one, values[n][first + i]))))).reverse());
  }

  const observer = new ResizeObserver(draw);
  observer.observe(box);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', draw, {signal});
  signal.addEventListener('abort', () => {
    observer.disconnect();
    plot?.destroy();
  }, {once: true});

  return {
    element,
    /** Adds figures of a moment, one for each series; null where there is none. */
    add(at, figures) {
      times.push(at);
      figures.forEach((figure, i) => values[i].push(figure));
      while (times[0] < at - LONGEST_SPAN_S) {
        times.shift();
        values.forEach((list) => list.shift());
      }
      plot?.setData([times, ...values]);
      tell(times.length - 1);
      box.setAttribute('aria-label',
        `${title}, at ${time(at * 1000)}: ${series.map((one, i) => `${one.name} ${write(one, figures[i])}`).join(', ')}`);
      fillTable();
    },
  };
}
