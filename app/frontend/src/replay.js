// A case played back on its diagram.
//   <div data-replay data-src="….bpmn" data-events="….json" data-entry="7" data-panel-src="/…/entries/{n}">
//     <div data-replay-controls class="wm-replay__controls"></div>   filled here; without scripts ?entry=n links do its work
//     <div data-replay-canvas class="wm-diagram wm-diagram--tall"></div>
//   </div>
//   <details data-replay-picture>                                    anywhere: unfolded where there is room for it
//   <div data-replay-panel> … the entry's own fragment … </div>      anywhere on the page
//   <a href="?entry=3" data-entry="3">                               anywhere: shows that entry without leaving
// Events: [{"n": 1, "at": "2026-11-02T09:00:00Z", "title": "…", "marks": {"entered", "left", "cancelled", "taken": [ids]}}]
// Fires `waymark:entry` with {n} on the data-replay element.
import { History } from './diagram/history.js';
import { Painting } from './diagram/painting.js';
import { panelLoader } from './diagram/panel.js';
import { ReplayControls } from './diagram/replay_controls.js';
import { fetchText, follow, openViewer, sayNothingToShow } from './diagram/viewer.js';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/London' });
// where arrow keys have a meaning of their own
const TYPED_INTO = 'input, select, textarea, [contenteditable]';

async function open(root) {
  const frame = root.querySelector('[data-replay-canvas]');
  const hasRoom = matchMedia('(min-width: 48em)').matches;
  for (const one of root.querySelectorAll('[data-replay-picture]')) one.open = hasRoom;
  const [xml, entries] = await Promise.all([fetchText(root.dataset.src), fetchText(root.dataset.events).then(JSON.parse)])
    .catch(() => [null, []]);
  if (xml === null || !entries.length) { sayNothingToShow(frame); return; }
  frame.replaceChildren();
  const viewer = await openViewer(frame, xml);
  if (!viewer) return;
  const registry = viewer.get('elementRegistry');
  const painting = new Painting(viewer, new History(entries, id => Boolean(registry.get(id))));
  const panel = document.querySelector('[data-replay-panel]');
  const fill = panel && root.dataset.panelSrc ? panelLoader(panel, root.dataset.panelSrc) : () => {};
  const shown = Number(root.dataset.entry ?? entries.at(-1).n);
  let isFirst = true;

  const controls = new ReplayControls(
    root.querySelector('[data-replay-controls]'),
    entries.length,
    position => `${moment.format(new Date(entries[position].at))}: ${entries[position].title}`,
    (position, isStep) => {
      const entry = entries[position];
      painting.paint(position);
      if (isStep) painting.run(entry.marks?.taken ?? []);
      markLinks(entry.n);
      if (!isFirst) {
        follow(viewer, elementsOf(entry));
        fill(entry.n);
        noteInAddress(entry.n);
      }
      root.dispatchEvent(new CustomEvent('waymark:entry', { detail: { n: entry.n }, bubbles: true }));
    }
  );
  const positionOf = n => (entries.findIndex(entry => entry.n >= n) + entries.length) % entries.length;   // past the end: the last
  controls.go(positionOf(shown));
  isFirst = false;   // the server has already filled the panel for the entry in the address
  document.addEventListener('keydown', event => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest(TYPED_INTO)) return;
    event.preventDefault();
    controls.step(by);
  });
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-entry]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    controls.step(positionOf(Number(link.dataset.entry)) - controls.position);
  });
  return { controls, painting };
}

// What an entry is about: what was left, and last what was entered, which is where the case stands then.
function elementsOf({ marks = {} }) {
  return [...(marks.left ?? []), ...(marks.cancelled ?? []), ...(marks.entered ?? [])];
}

function noteInAddress(n) {
  const address = new URL(location.href);
  address.searchParams.set('entry', n);
  history.replaceState(null, '', address);
}

function markLinks(n) {
  for (const link of document.querySelectorAll('a[data-entry]')) {
    if (Number(link.dataset.entry) === n) link.setAttribute('aria-current', 'step');
    else link.removeAttribute('aria-current');
  }
}

const root = document.querySelector('[data-replay]');
if (root) window.replay = await open(root);
document.body.dataset.ready = 'replay';
