/** One upload: what became of it, and when. */

import {json} from './api.js';
import {announce, facts, h, notice} from './dom.js';
import {follow, notLive} from './events.js';
import {bytes, count, duration, percent, plural, sentence, time} from './format.js';
import {digestLink, isUnderWay, stateMark} from './uploads.js';

const STEPS = {
  opened: 'Opened',
  'first-chunk': 'First chunk stored',
  sealed: 'Sealed: the source was read to its end',
};
const ENDS = {
  COMPLETE: 'Complete: the blob can be read',
  FAILED: 'Failed: nothing was published',
  ABORTED: 'Aborted: nothing was published',
  EXPIRED: 'Expired: nothing was published',
};

export async function showUpload(main, heading, signal, id) {
  const failure = notice();
  const body = h('div');
  main.append(failure.element, body);
  const ended = new AbortController();
  let newest = null;
  let isDrawing = false;
  let wasUnderWay = false;

  const draw = async (upload) => {
    const timeline = await json(`/uploads/${id}/timeline`, signal);
    heading.textContent = upload.source || 'Upload';
    document.title = `${heading.textContent} · castore`;
    body.replaceChildren(...parts(upload, timeline));
    if (wasUnderWay && !isUnderWay(upload)) announce(`The upload is ${upload.state.toLowerCase()}.`);
    wasUnderWay = isUnderWay(upload);
    if (!wasUnderWay) ended.abort();
  };
  // Of what comes while one status is drawn only the newest is drawn next.
  const drawNewest = async () => {
    if (isDrawing) return;
    isDrawing = true;
    try {
      while (newest !== null) {
        const upload = newest;
        newest = null;
        await draw(upload);
      }
    } catch (problem) {
      if (!signal.aborted) failure.show(problem.message);
    }
    isDrawing = false;
  };
  try {
    await follow(`/uploads/${id}/events`, AbortSignal.any([signal, ended.signal]), {
      onEvent: (upload) => {
        newest = upload;
        drawNewest();
      },
    });
    if (!signal.aborted) notLive();
  } catch (problem) {
    if (!signal.aborted) failure.show(problem.status === 404 ? 'No upload has this id.' : problem.message);
  }
}

function parts(upload, timeline) {
  return [
    upload.reason ? h('p', {class: `notice ${upload.state}`},
      h('strong', {}, `${ENDS[upload.state] ?? upload.state}. `), sentence(upload.reason)) : null,
    facts([
      ['State', stateMark(upload.state)],
      ['Received', upload.digest ? `${bytes(upload.bytes_received)} of ${bytes(upload.size)}` : bytes(upload.bytes_received)],
      ['Chunks', upload.digest ? `${count(upload.chunks_received)} of ${count(upload.chunks)}` : count(upload.chunks_received)],
      ['New', `${bytes(upload.new_bytes)} in ${plural(upload.new_chunks, 'chunk')} (${percent(upload.new_bytes, upload.bytes_received)})`],
      ['Upload', h('code', {}, upload.upload_id)],
      upload.digest && ['Digest', upload.state === 'COMPLETE' ? digestLink(upload.digest, true) : h('code', {}, upload.digest)],
    ]),
    isUnderWay(upload) && upload.digest
      ? h('progress', {class: 'long', max: Math.max(1, upload.size), value: upload.bytes_received, 'aria-label': 'Received'})
      : null,
    h('h2', {}, 'Timeline'),
    timelineOf(upload, timeline),
    timeline.whole ? null : h('p', {class: 'hint'},
      'This process did not see the upload while it was open, so steps may be missing. ',
      h('code', {}, `castore audit replay --upload ${upload.upload_id}`), ' tells them all.'),
  ].filter(Boolean);
}

function timelineOf(upload, timeline) {
  const first = timeline.events[0]?.at;
  const items = timeline.events.map(({event, at}) => h('li', {class: event === 'ended' ? upload.state : 'done'},
    h('span', {class: 'step'}, STEPS[event] ?? ENDS[upload.state] ?? event),
    h('time', {datetime: at}, time(at)),
    at !== first ? h('span', {class: 'hint'}, `after ${duration(first, at)}`) : null));
  if (isUnderWay(upload)) {
    items.push(h('li', {class: 'waiting'}, h('span', {class: 'step'},
      upload.state === 'OPEN' ? 'Chunks arrive' : 'The last chunks are being stored')));
  }
  return h('ol', {class: 'timeline'}, items);
}
