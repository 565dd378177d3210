// <div class="wm-diagram" data-diagram data-src="….bpmn" data-marks='{"Review": "active", "Plan": "done"}'>
// data-focus="Plan" brings that element into view where the whole is too small to read; without it, what is open is.
// States: done, active, incident, cancelled; flows: done. An id that the diagram does not have is left out.
import { fetchText, openViewer, sayNothingToShow } from './diagram/viewer.js';

async function draw(container) {
  const xml = await fetchText(container.dataset.src).catch(() => null);
  const viewer = xml === null ? sayNothingToShow(container) : await openViewer(container, xml);
  if (!viewer) return;
  const marks = Object.entries(JSON.parse(container.dataset.marks || '{}'));
  const canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry');
  for (const [element, state] of marks) if (registry.get(element)) canvas.addMarker(element, `is-${state}`);
  const open = marks.filter(([, state]) => state === 'active' || state === 'incident').map(([element]) => element);
  viewer.focus = container.dataset.focus ? [container.dataset.focus] : open;
  viewer.refit();
}

await Promise.all([...document.querySelectorAll('[data-diagram]')].map(draw));
document.body.dataset.ready = 'diagram';
