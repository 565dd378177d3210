// <div data-shown-when='{"tier": "3", "consent": ["yes", "later"]}'> is shown while every named field has (one of) the
// values; null means "nothing entered". A hidden field's own value does not count. Only a convenience:
// the server decides what is asked, and leaves the fields it is not sure of visible.
export function shownWhen(root) {
  for (const form of root.querySelectorAll('form:has([data-shown-when])')) {
    form.addEventListener('input', () => arrange(form));
    form.addEventListener('change', () => arrange(form));
    form.addEventListener('wm:rows', () => arrange(form));
    arrange(form);
  }
}

function arrange(form) {
  const parts = [...form.querySelectorAll('[data-shown-when]')];
  // a part may hang on a field inside another part: settle, at most once per part
  for (let round = 0; round < parts.length; round++) {
    const before = parts.map(part => part.hidden).join();
    for (const part of parts) part.hidden = !holds(form, JSON.parse(part.dataset.shownWhen));
    if (parts.map(part => part.hidden).join() === before) break;
  }
}

const holds = (form, tests) => Object.entries(tests).every(([name, wanted]) => {
  const given = visibleValues(form, name);
  if (wanted === null) return given.length === 0;
  return [wanted].flat().some(value => given.includes(String(value)));
});

function visibleValues(form, name) {
  return [...form.elements].filter(field => field.name === name && !field.closest('[hidden]'))
    .filter(field => !['radio', 'checkbox'].includes(field.type) || field.checked)
    .map(field => field.value).filter(value => value !== '');
}
