/** Shows the view that the address names. */

import {h} from './dom.js';
import {notLive} from './events.js';
import {offerToForget} from './token.js';
import {showDigest} from './digest.js';
import {showNow} from './now.js';
import {showReports} from './reports.js';
import {showUpload} from './upload.js';
import {showUploads} from './uploads.js';

const VIEWS = [
  [/^#?\/?$/, '#/', 'Now', showNow],
  [/^#\/uploads$/, '#/uploads', 'Uploads', showUploads],
  [/^#\/upload\/([0-9a-f-]+)$/, '#/uploads', 'Upload', showUpload],
  [/^#\/digest(?:\/(.+))?$/, '#/digest', 'Digest', showDigest],
  [/^#\/checks$/, '#/checks', 'Checks', showReports],
];

let current = null;

function show(isFirst) {
  current?.abort();
  current = new AbortController();
  const main = document.getElementById('main');
  const found = VIEWS.find(([pattern]) => pattern.test(location.hash));
  const heading = h('h1', {tabindex: '-1'}, found ? found[2] : 'Not found');
  main.replaceChildren(heading);
  document.title = `${heading.textContent} · castore`;
  for (const link of document.querySelectorAll('nav a')) {
    if (found && link.getAttribute('href') === found[1]) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  notLive();
  if (found) {
    found[3](main, heading, current.signal, location.hash.match(found[0])[1]);
  } else {
    main.append(h('p', {}, 'There is no such page. ', h('a', {href: '#/'}, 'What is going on now')));
  }
  if (!isFirst) {
    heading.focus();
    window.scrollTo(0, 0);
  }
}

/** Not by its address, which names the view. */
function skipTo(event) {
  event.preventDefault();
  document.getElementById('main').focus();
}

offerToForget();
document.querySelector('.skip').addEventListener('click', skipTo);
window.addEventListener('hashchange', () => show(false));
show(true);
