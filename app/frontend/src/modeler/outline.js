// The diagram in words (#outline): each line a button that leads to the element. Keeps the focus when it is written anew.
export class Outline {
  constructor(place, modeler, selecting) {
    Object.assign(this, { place, selecting });
    modeler.on('selection.changed', ({ newSelection }) => this.#press(newSelection[0]?.businessObject?.id));
  }

  show(lines) {
    const focused = this.place.contains(document.activeElement) ? document.activeElement.dataset.element : null;
    this.place.replaceChildren(...lines.map(line => this.#line(line)));
    this.#press(this.selected);
    if (focused) this.#buttons().find(button => button.dataset.element === focused)?.focus();
    if (this.selecting.origin && !this.selecting.origin.isConnected) {
      this.selecting.origin = this.#buttons().find(button => button.dataset.element === this.selecting.origin.dataset.element) ?? null;
    }
  }

  #line({ element, text, level = 0 }) {
    const item = document.createElement('li');
    item.classList.add(`wm-outline__level-${Math.min(level, 4)}`);
    item.append(element && this.selecting.shapeOf(element) ? this.selecting.button(element, text) : text);
    return item;
  }

  #press(id) {
    this.selected = id;
    for (const button of this.#buttons()) button.setAttribute('aria-pressed', button.dataset.element === id);
  }

  #buttons() { return [...this.place.querySelectorAll('button[data-element]')]; }
}
