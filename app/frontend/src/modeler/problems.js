// The problems the server found: in a list (#problems) whose buttons lead to the element, and as marks on the diagram.
import { getBBox } from 'diagram-js/lib/util/Elements';
import { getMid } from 'diagram-js/lib/layout/LayoutUtil';

export class Problems {
  constructor(place, modeler, selecting) {
    Object.assign(this, { place, selecting, overlays: modeler.get('overlays') });
    this.count = document.getElementById('problem-count');
    this.count?.setAttribute('role', 'status');
    this.count?.setAttribute('aria-live', 'polite');
  }

  begin() {
    this.place.setAttribute('aria-busy', 'true');
    this.#say('Checking …');
  }

  show(problems) {
    const focused = this.place.contains(document.activeElement) ? document.activeElement.textContent : null;
    this.place.replaceChildren(...problems.map(problem => this.#item(problem)));
    if (focused) [...this.place.querySelectorAll('button')].find(button => button.textContent === focused)?.focus();
    this.#mark(problems);
    this.place.removeAttribute('aria-busy');
    this.#say(counted(problems));
  }

  fail() {
    this.place.removeAttribute('aria-busy');
    this.#say('Problems could not be checked: the server could not be reached');
  }

  #item({ element, sentence, fix, severity, rule }) {
    const item = document.createElement('li');
    item.className = severity === 'warning' ? 'is-warning' : 'is-error';
    item.dataset.rule = rule;
    const words = `${severity === 'warning' ? 'Warning' : 'Error'}: ${sentence}`;
    item.append(this.selecting.shapeOf(element) ? this.selecting.button(element, words) : paragraph(words));
    if (fix) item.append(paragraph(fix));
    return item;
  }

  #mark(problems) {
    this.overlays.remove({ type: 'problem' });
    for (const [element, own] of Map.groupBy(problems, problem => problem.element)) {
      const shape = this.selecting.shapeOf(element);
      if (!shape?.parent) continue;
      const mark = document.createElement('div');
      const isWarning = own.every(problem => problem.severity === 'warning');
      mark.className = isWarning ? 'wm-problem-mark is-warning' : 'wm-problem-mark';
      mark.textContent = isWarning ? '!' : '×';
      mark.title = own.map(problem => `${problem.severity === 'warning' ? 'Warning' : 'Error'}: ${problem.sentence}`).join('\n');
      this.overlays.add(shape, 'problem', { position: placeOn(shape), html: mark, scale: false });
    }
  }

  #say(words) {
    if (this.count && this.count.textContent !== words) this.count.textContent = words;
  }
}

function counted(problems) {
  const warnings = problems.filter(problem => problem.severity === 'warning').length;
  const parts = [[problems.length - warnings, 'error'], [warnings, 'warning']].filter(([count]) => count);
  return parts.map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`).join(', ') || 'No problems';
}

// On the corner of a shape, on the middle of a flow; an overlay of a flow counts from the corner of its bounds.
function placeOn(shape) {
  if (!shape.waypoints) return { top: -11, left: -11 };
  const middle = getMid(shape), bounds = getBBox(shape);
  return { top: middle.y - bounds.y - 11, left: middle.x - bounds.x - 11 };
}

function paragraph(words) {
  const made = document.createElement('p');
  made.textContent = words;
  return made;
}
