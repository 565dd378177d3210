// The slider, the buttons and the words of a replay. Knows positions 0 … count − 1 and nothing of what they show.
const PLAY_MS = 700;

export class ReplayControls {
  // describe(position) → the sentence for it; show(position, isStep) is called once per change
  constructor(place, count, describe, show) {
    Object.assign(this, { count, describe, show, position: -1, timer: null });
    this.words = make('p', { className: 'wm-replay__when' });
    this.words.setAttribute('role', 'status');
    this.slider = make('input', { type: 'range', min: 0, max: count - 1, className: 'wm-replay__slider' });
    this.slider.setAttribute('aria-label', 'Entry of the case history');
    this.back = this.#button('Back', () => this.step(-1));
    this.forward = this.#button('Forward', () => this.step(1));
    this.play = this.#button('Play', () => this.timer ? this.stop() : this.start());
    place.replaceChildren(this.words, this.back, this.slider, this.forward, this.play);
    let isQueued = false;
    this.slider.addEventListener('input', () => {
      this.stop();
      if (isQueued) return;
      isQueued = true;   // a drag gives more events than the screen has frames
      requestAnimationFrame(() => { isQueued = false; this.go(Number(this.slider.value)); });
    });
  }

  go(position, isStep = false) {
    const wanted = Math.min(this.count - 1, Math.max(0, position));
    if (wanted === this.position) return;
    this.position = wanted;
    const sentence = this.describe(wanted);
    this.slider.value = wanted;
    this.slider.setAttribute('aria-valuetext', sentence);
    this.words.textContent = `${wanted + 1} of ${this.count} · ${sentence}`;
    // aria-disabled, not disabled: the focus must not fall off the button at the end
    this.back.setAttribute('aria-disabled', wanted === 0);
    this.forward.setAttribute('aria-disabled', wanted === this.count - 1);
    this.show(wanted, isStep);
  }

  step(by) {
    this.stop();
    this.go(this.position + by, by > 0);
  }

  start() {
    if (this.position === this.count - 1) this.go(0);
    this.play.textContent = 'Pause';
    this.timer = setInterval(() => {
      this.go(this.position + 1, true);
      if (this.position === this.count - 1) this.stop();
    }, PLAY_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = 'Play';
  }

  #button(words, act) {
    const made = make('button', { type: 'button', className: 'govuk-button govuk-button--secondary', textContent: words });
    made.addEventListener('click', act);
    return made;
  }
}

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
