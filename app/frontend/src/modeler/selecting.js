// The keyboard's way to a shape: a button that selects it and puts the focus into its properties; Escape leads back.
// The shapes themselves cannot be reached by Tab (a limit of the library).
import { getBBox } from 'diagram-js/lib/util/Elements';

// below this the words of a diagram cannot be read
const READABLE = 0.6, COMFORTABLE = 0.9;
const FIELDS = 'input:not([type=hidden]), select, textarea, button';

export class Selecting {
  constructor(modeler, panel) {
    Object.assign(this, { modeler, panel, origin: null });
    panel?.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.origin?.isConnected) this.origin.focus();
    });
  }

  shapeOf(id) {
    const registry = this.modeler.get('elementRegistry');
    const shape = registry.get(id);
    // a process drawn as a pool is shown by that pool
    return shape ?? registry.find(each => each.businessObject?.processRef?.id === id);
  }

  // A button for an element; plain words where the diagram does not draw it.
  button(id, words) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = words;
    button.dataset.element = id;
    button.addEventListener('click', () => this.select(id, button));
    return button;
  }

  select(id, origin) {
    const shape = this.shapeOf(id);
    if (!shape) return;
    this.origin = origin;
    const canvas = this.modeler.get('canvas');
    this.modeler.get('selection').select(shape);
    if (shape.parent) this.#show(canvas, shape);
    // the panel draws the element after the selection: wait for the frame that has it
    requestAnimationFrame(() => setTimeout(() => this.panel?.querySelector(FIELDS)?.focus(), 60));
  }

  #show(canvas, shape) {
    const { outer } = canvas.viewbox(), bounds = getBBox(shape);
    if (canvas.zoom() < READABLE && bounds.width * COMFORTABLE < outer.width) {
      const width = outer.width / COMFORTABLE, height = outer.height / COMFORTABLE;
      const x = bounds.x + (bounds.width - width) / 2, y = bounds.y + (bounds.height - height) / 2;
      return canvas.viewbox({ x, y, width, height });
    }
    return canvas.scrollToElement(shape);
  }
}
