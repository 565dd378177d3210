// A draft on the server, seen from an editor: fetch it, save it under its revision, say in words how it went.
// PUT with If-Match: the revision the work started from. Reply JSON: {"revision", "sentence"?}; a refusal (409: somebody
// saved in between; 422: not acceptable) brings {"sentence"}, and the work stays on the page.
import { csrfHeader } from '../site/csrf.js';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
const UNREACHABLE = 'Not saved – the server could not be reached. Your work is still here: press Save again.';

export async function fetchDraft(place) {
  const reply = await fetch(place.dataset.src, { cache: 'no-store' });
  if (!reply.ok || reply.redirected) throw new Error(`Expected a draft, but got ${reply.status}`);
  return reply.text();
}

export class Draft {
  // write() → the text to save (or a promise of it)
  constructor(place, contentType, write) {
    Object.assign(this, { url: place.dataset.saveUrl, revision: place.dataset.revision ?? '', contentType, write, edits: 0, savedEdits: 0 });
    this.status = document.getElementById('status');
    this.status?.setAttribute('role', 'status');
    document.getElementById('save')?.addEventListener('click', () => this.save());
    document.addEventListener('keydown', event => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') { event.preventDefault(); this.save(); }
    });
    for (const link of document.querySelectorAll('a[data-save-first]')) {
      link.addEventListener('click', event => this.#saveFirst(event, link));
    }
    window.addEventListener('beforeunload', event => { if (this.isUnsaved) event.preventDefault(); });
  }

  get isUnsaved() { return this.edits !== this.savedEdits; }

  changed() {
    this.edits++;
    if (!this.saving) this.say('Not saved yet', false);
  }

  // The page behind the link shows what is saved: go there once everything is, or stay and say why not.
  async #saveFirst(event, link) {
    document.activeElement?.blur?.();
    if (event.ctrlKey || event.metaKey || event.shiftKey || (!this.isUnsaved && !this.saving)) return;
    event.preventDefault();
    while (this.saving) await this.saving;
    if (this.isUnsaved) await this.save();
    if (!this.isUnsaved) location.assign(link.href);
  }

  // One save at a time: the next needs the revision this one brings back.
  save() {
    this.saving = (this.saving ?? Promise.resolve()).then(() => this.#save()).finally(() => { this.saving = null; });
    return this.saving;
  }

  async #save() {
    document.activeElement?.blur?.();   // a panel field hands its text over when it is left
    const edits = this.edits, body = await this.write();
    this.say('Saving …', false);
    const headers = { 'Content-Type': this.contentType, 'If-Match': this.revision, Accept: 'application/json', ...csrfHeader() };
    const reply = await fetch(this.url, { method: 'PUT', body, headers }).catch(() => null);
    const answer = await reply?.json().catch(() => ({})) ?? {};
    if (!reply) return this.say(UNREACHABLE, true);
    if (!reply.ok || reply.redirected) return this.say(answer.sentence ?? UNREACHABLE, true);
    this.revision = String(answer.revision ?? this.revision);
    this.savedEdits = edits;
    return this.say(answer.sentence ?? `Saved ${time.format(new Date())}`, false);
  }

  say(words, isProblem) {
    if (!this.status) return;
    this.status.textContent = words;
    this.status.classList.toggle('wm-saved--problem', isProblem);
  }
}
