/** Draws a blob's chunks to scale, in rows of a page's width. */

import {h, setText} from './dom.js';
import {bytes, count} from './format.js';

const ROW = 22;
const GAP = 5;
const MOST_ROWS = 24;
/** Narrower than this on average, and the bar gets another row. */
const WISHED_WIDTH = 14;

/**
 * Makes the picture.
 *
 * @param chunks `{offset, size, kind}`; the kind names a CSS variable of a colour
 * @param size bytes of all
 * @param describe says what a chunk is, by its number
 */
export function bar(chunks, size, label, describe, signal) {
  const canvas = h('canvas', {role: 'img', 'aria-label': label});
  const hint = h('p', {class: 'hint pointer', 'aria-hidden': 'true'}, 'Point at a chunk to see what it is.');
  const box = h('div', {class: 'bar'}, canvas, hint);
  let rows = 1;
  let width = 0;

  function draw() {
    width = box.clientWidth;
    if (width === 0) return;
    rows = Math.min(MOST_ROWS, Math.max(1, Math.ceil((chunks.length * WISHED_WIDTH) / width)));
    const height = rows * (ROW + GAP);
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
    const style = getComputedStyle(document.documentElement);
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    const colors = new Map();
    const color = (kind) => {
      if (!colors.has(kind)) colors.set(kind, style.getPropertyValue(`--${kind}`).trim());
      return colors.get(kind);
    };
    const bytesARow = size / rows;
    const gap = (chunks.length * 3) / rows > width ? 0 : 1;
    chunks.forEach((chunk) => {
      let from = chunk.offset;
      const end = chunk.offset + chunk.size;
      while (from < end) {
        const row = Math.min(rows - 1, Math.floor(from / bytesARow + 1e-9));
        const rowEnd = row === rows - 1 ? size : (row + 1) * bytesARow;
        const to = Math.min(end, rowEnd);
        const left = ((from - row * bytesARow) / bytesARow) * width;
        const right = ((to - row * bytesARow) / bytesARow) * width;
        context.fillStyle = color(chunk.kind);
        // What is shared reaches lower, so that color is not all that tells.
        const high = chunk.kind === 'chunk-own' ? ROW - 6 : ROW;
        context.fillRect(left, row * (ROW + GAP), Math.max(0.5, right - left - (to === end ? gap : 0)), high);
        if (to <= from) break;
        from = to;
      }
    });
  }

  function at(event) {
    const place = canvas.getBoundingClientRect();
    const row = Math.min(rows - 1, Math.floor((event.clientY - place.top) / (ROW + GAP)));
    const offset = ((row + (event.clientX - place.left) / width) * size) / rows;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (chunks[middle].offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  canvas.addEventListener('pointermove', (event) => setText(hint, describe(at(event))), {signal});
  const observer = new ResizeObserver(draw);
  observer.observe(box);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, {signal});
  signal.addEventListener('abort', () => observer.disconnect(), {once: true});
  return {element: box, draw};
}

/** Says how a picture's chunks divide, for who does not see it. */
export function labelOf(chunks, size) {
  const sum = (kind) => chunks.filter((chunk) => chunk.kind === kind).length;
  return `${count(chunks.length)} chunks of ${bytes(size)}, drawn to scale: ${count(sum('chunk-shared'))} also in other `
    + `blobs, ${count(sum('chunk-repeated'))} more than once in this one, ${count(sum('chunk-own'))} in this one only. `
    + 'The table of chunks says the same.';
}
