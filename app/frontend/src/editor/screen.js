// Editors need room: at less than 1,024 px a page shows what there is to read instead.
export const WIDE = matchMedia('(min-width: 64em)');

// For a page that opened small: start again as an editor once there is room.
export function reopenWhenWide() {
  WIDE.addEventListener('change', event => { if (event.matches) location.reload(); });
}

export function saySmall(container) {
  if (document.querySelector('.wm-editor__small-screen')) return;
  const words = document.createElement('p');
  words.className = 'govuk-body wm-editor__small-screen';
  words.textContent = 'This screen is too small to edit on: you can look at it here. Editing needs a window at least 1,024 pixels wide.';
  container.before(words);
}
