// <form data-autosave data-autosave-url="…"> posts itself as a draft a moment after each change and when the person
// looks elsewhere. [data-autosave-status] inside the form, or one made here, says what happened, politely.
// A reply of 2xx is saved; JSON {"revision": …} in it goes into the form's field of that name, for the next save.
// A refusal may bring its own {"sentence": …}.
import { csrfHeader } from './csrf.js';

const WAIT_MS = 1500;
const UNSAVED = 'Not saved – press Save draft';
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });

export function autosave(root) {
  for (const form of root.querySelectorAll('form[data-autosave]')) keepSaved(form);
}

function keepSaved(form) {
  const status = form.querySelector('[data-autosave-status]') ?? form.appendChild(document.createElement('p'));
  status.classList.add('wm-saved');
  status.setAttribute('role', 'status');
  let saved = asText(form), waiting, queue = Promise.resolve(), isLeaving = false, underWay = new AbortController();

  function save() {
    clearTimeout(waiting);
    queue = queue.then(saveNow);   // one at a time: each carries the revision the one before brought back
  }
  async function saveNow() {
    const answers = asText(form);
    if (answers === saved || isLeaving) return;
    try {
      underWay = new AbortController();
      const reply = await send(form, underWay.signal);
      saved = answers;
      const revision = form.elements.namedItem('revision');
      if (revision && reply.revision !== undefined) revision.value = reply.revision;
      say('Saved ' + time.format(new Date()), false);
    } catch (error) {
      if (isLeaving) return;   // the answers themselves are on their way: what became of their draft is no news
      say(error.message, true);
    }
  }
  function say(words, isProblem) {
    status.textContent = words;
    status.classList.toggle('wm-saved--problem', isProblem);
  }

  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(save, WAIT_MS); });
  form.addEventListener('focusout', save);
  form.addEventListener('wm:rows', save);
  form.addEventListener('submit', event => {
    if (event.defaultPrevented) return;
    isLeaving = true;
    clearTimeout(waiting);
    underWay.abort();
  });
  window.addEventListener('pageshow', () => { isLeaving = false; });
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
}

async function send(form, signal) {
  const headers = { ...csrfHeader(), Accept: 'application/json', 'X-Requested-With': 'autosave' };
  // keepalive: the request outlives the page (browsers allow it up to 64 kB)
  const body = withoutFiles(form), keepalive = body.toString().length < 60_000;
  const reply = await fetch(form.dataset.autosaveUrl, { method: 'POST', body, headers, keepalive, signal })
    .catch(() => { throw new Error(UNSAVED); });
  const answer = await reply.json().catch(() => ({}));
  if (!reply.ok || reply.redirected) throw new Error(answer.sentence ?? UNSAVED);
  return answer;
}

// Files are sent once, with the answers: not with every draft.
function withoutFiles(form) {
  const answers = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') answers.append(name, value);
  return answers;
}

function asText(form) {
  const answers = withoutFiles(form);
  for (const name of ['revision', 'csrf_token']) answers.delete(name);
  return answers.toString();
}
