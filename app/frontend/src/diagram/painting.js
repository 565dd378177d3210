// Draws one moment of a history on a viewer. Only what differs from the moment drawn before touches the page,
// so a jump costs what it changes, not how far it goes.
const SVG = 'http://www.w3.org/2000/svg';
const TOKEN_MS = 450;

export class Painting {
  constructor(viewer, history) {
    this.canvas = viewer.get('canvas');
    this.overlays = viewer.get('overlays');
    this.registry = viewer.get('elementRegistry');
    this.history = history;
    this.shown = new Map();    // element → {state, visits}
    this.badges = new Map();   // element → its visits, drawn
    this.layer = this.canvas.getLayer('tokens', 10);
    this.isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  paint(position) {
    for (const element of this.history.elements) {
      const is = this.history.at(element, position), was = this.shown.get(element) ?? { state: '', visits: 0 };
      if (is.state !== was.state) {
        if (was.state) this.canvas.removeMarker(element, `is-${was.state}`);
        if (is.state) this.canvas.addMarker(element, `is-${is.state}`);
      }
      if (is.visits !== was.visits || is.state !== was.state) this.#badge(element, is);
      this.shown.set(element, is);
    }
  }

  // A dot runs along the flows taken; none where the person asked for less motion.
  run(flows) {
    if (!this.isStill) for (const id of flows) this.#run(this.registry.get(id));
  }

  #badge(element, { state, visits }) {
    if (this.registry.get(element).waypoints) return;
    let badge = this.badges.get(element);
    if (!badge && visits < 2) return;
    if (!badge) {
      badge = document.createElement('div');
      this.badges.set(element, badge);
      this.overlays.add(element, 'visits', { position: { top: -13, right: 26 }, html: badge, scale: { min: 0.3, max: 1 } });
    }
    badge.className = `wm-visits is-${state}`;
    badge.textContent = `${visits}×`;
    badge.hidden = visits < 2;
  }

  #run(flow) {
    if (!flow?.waypoints) return;
    const path = document.createElementNS(SVG, 'path'), dot = document.createElementNS(SVG, 'circle');
    path.setAttribute('d', 'M' + flow.waypoints.map(point => `${point.x} ${point.y}`).join('L'));
    dot.setAttribute('r', 8);
    dot.setAttribute('class', 'wm-token');
    this.layer.append(dot);
    const length = path.getTotalLength(), startedAt = performance.now();
    const step = now => {
      const share = Math.min(1, Math.max(0, (now - startedAt) / TOKEN_MS)), point = path.getPointAtLength(share * length);
      dot.setAttribute('cx', point.x);
      dot.setAttribute('cy', point.y);
      if (share < 1) requestAnimationFrame(step); else dot.remove();
    };
    step(startedAt);
  }
}
