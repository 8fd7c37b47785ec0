/** Makes elements. Text is only ever set as text. */

/** Makes an element: `h('a', {href: '#/'}, 'Now')`. A property whose value is null or false is left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces what is in an element, and leaves it alone where that is the same text. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes a list of names and values. */
export function facts(entries) {
  return h('dl', {class: 'facts'}, entries.filter(Boolean).map(([name, value]) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/**
 * Makes a table: `columns` are its headings, those with `number` set to the right, and those with `grow` as wide as there
 * is room. To fill it again leaves alone what stays the same, so that who is at a link in it stays there.
 */
export function table(caption, columns, rows) {
  const body = h('tbody');
  const element = h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    h('table', {}, h('caption', {class: 'unseen'}, caption),
      h('thead', {}, h('tr', {}, columns.map((column) =>
        h('th', {scope: 'col', class: kind(column)}, column.name)))),
      body));
  let known = new Map();
  const newRow = () => h('tr', {}, columns.map((column) =>
    h('td', {class: kind(column), 'data-name': column.name})));
  const fill = (cells, keys = cells.map((_, i) => i)) => {
    const active = document.activeElement;
    const next = new Map(keys.map((key) => [key, known.get(key) ?? newRow()]));
    for (const [key, row] of known) if (!next.has(key)) row.remove();
    known = next;
    [...next.values()].forEach((row, i) => {
      cells[i].forEach((cell, column) => replace(row.children[column], cell));
      if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
    });
    if (active !== document.activeElement && body.contains(active)) active.focus({preventScroll: true});
  };
  fill(rows);
  return {element, fill};
}

function kind(column) {
  if (column.number) return 'number';
  return column.grow ? 'grow' : null;
}

function replace(place, content) {
  const text = content instanceof Element ? content.outerHTML : String(content);
  if (place.innerHTML !== text) place.replaceChildren(content);
}

/** Says something to who does not see the page. Not for what changes all the time. */
export function announce(text) {
  setText(document.getElementById('announcer'), text);
}

/** A line that tells of trouble, or of none. */
export function notice() {
  const element = h('p', {class: 'notice', role: 'alert', hidden: true});
  return {
    element,
    show(text) {
      setText(element, text);
      element.hidden = false;
    },
    hide() {
      element.hidden = true;
      setText(element, '');
    },
  };
}
