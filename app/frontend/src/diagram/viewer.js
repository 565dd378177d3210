// A read-only diagram in a container: fitted with a margin, moved by mouse or keyboard, zoomed by buttons.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import './styles.js';

// room for the zoom buttons above and the bpmn.io mark below
const MARGIN_PX = { top: 52, right: 16, bottom: 36, left: 16 };
const LARGEST = 1, READABLE = 0.45, COMFORTABLE = READABLE * 1.7;

// Resolves to the viewer, or to null after saying in the container that it could not be drawn.
export async function openViewer(container, xml) {
  const viewer = new NavigatedViewer({ container });
  try {
    await viewer.importXML(xml);
  } catch {
    sayNothingToShow(container);
    return null;
  }
  addZoomButtons(container, viewer);
  keepFitted(container, viewer);
  return viewer;
}

export async function fetchText(url) {
  const reply = await fetch(url, { headers: { 'X-Requested-With': 'diagram' } });
  if (!reply.ok || reply.redirected) throw new Error(`Expected a diagram, but got ${reply.status}`);
  return reply.text();
}

export function sayNothingToShow(container) {
  const words = document.createElement('p');
  words.className = 'wm-diagram__problem';
  words.textContent = 'The diagram could not be drawn. It is described in words on this page.';
  container.replaceChildren(words);
}

export function fit(viewer, focus = [], margin = MARGIN_PX) {
  const canvas = viewer.get('canvas'), { inner, outer } = canvas.viewbox();
  const width = outer.width - margin.left - margin.right, height = outer.height - margin.top - margin.bottom;
  if (width <= 0 || height <= 0 || !inner.width || !inner.height) return;
  const whole = Math.min(width / inner.width, height / inner.height, LARGEST);
  const part = whole < READABLE ? boundsOf(viewer, focus) : null;   // too small to read: show where the case is instead
  const scale = part ? READABLE * 1.4 : whole, shown = part ?? inner;
  const middle = { x: shown.x + shown.width / 2, y: shown.y + shown.height / 2 };
  canvas.viewbox({
    x: middle.x - (margin.left + width / 2) / scale,
    y: middle.y - (margin.top + height / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale
  });
}

// Brings elements into view: as they are drawn now where that can be read, else larger. Whoever chose a larger or a
// smaller view keeps its size. What is in view already stays where it is.
export function follow(viewer, ids) {
  viewer.focus = [...ids].reverse();   // for when the frame is unfolded or changes its size
  const canvas = viewer.get('canvas'), { outer, scale: now } = canvas.viewbox();
  const width = outer.width - MARGIN_PX.left - MARGIN_PX.right, height = outer.height - MARGIN_PX.top - MARGIN_PX.bottom;
  const shapes = ids.map(id => viewer.get('elementRegistry').get(id)).filter(one => one && !one.waypoints && !one.children?.length);
  if (!shapes.length || width <= 0 || height <= 0) return;
  const scale = viewer.hasChosenView || now >= READABLE ? now : COMFORTABLE;
  const fits = box => box.width * scale <= width && box.height * scale <= height;
  const wanted = [unionOf(shapes), shapes.at(-1)].find(fits) ?? shapes.at(-1);
  const { x, y } = canvas.viewbox();
  const isInView = scale === now
    && (wanted.x - x) * scale >= MARGIN_PX.left && (wanted.x + wanted.width - x) * scale <= outer.width - MARGIN_PX.right
    && (wanted.y - y) * scale >= MARGIN_PX.top && (wanted.y + wanted.height - y) * scale <= outer.height - MARGIN_PX.bottom;
  if (isInView) return;
  viewer.bySelf(() => canvas.viewbox({
    x: wanted.x + wanted.width / 2 - (MARGIN_PX.left + width / 2) / scale,
    y: wanted.y + wanted.height / 2 - (MARGIN_PX.top + height / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale
  }));
}

function unionOf(shapes) {
  const left = Math.min(...shapes.map(one => one.x)), top = Math.min(...shapes.map(one => one.y));
  const right = Math.max(...shapes.map(one => one.x + one.width)), bottom = Math.max(...shapes.map(one => one.y + one.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function boundsOf(viewer, ids) {
  const shapes = ids.map(id => viewer.get('elementRegistry').get(id)).filter(shape => shape && !shape.waypoints);
  return shapes[0] ?? null;
}

// Fits again whenever the frame changes its size, until the person has chosen a view.
function keepFitted(container, viewer) {
  const canvas = viewer.get('canvas');
  let isOurs = false;
  viewer.hasChosenView = false;
  viewer.bySelf = act => { isOurs = true; act(); isOurs = false; };
  viewer.on('canvas.viewbox.changed', () => { if (!isOurs) viewer.hasChosenView = true; });
  const refit = () => viewer.bySelf(() => fit(viewer, viewer.focus ?? []));
  viewer.refit = () => { if (!viewer.hasChosenView) refit(); };
  refit();
  new ResizeObserver(() => { viewer.bySelf(() => canvas.resized()); viewer.refit(); }).observe(container);
}

function addZoomButtons(container, viewer) {
  const bar = document.createElement('div');
  bar.className = 'wm-diagram__zoom';
  const button = (words, label, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = words;
    made.setAttribute('aria-label', label);
    made.addEventListener('click', act);
    bar.append(made);
  };
  button('+', 'Zoom in on the diagram', () => viewer.get('zoomScroll').stepZoom(1));
  button('−', 'Zoom out of the diagram', () => viewer.get('zoomScroll').stepZoom(-1));
  button('Fit', 'Fit the whole diagram', () => fit(viewer));
  container.prepend(bar);
}
