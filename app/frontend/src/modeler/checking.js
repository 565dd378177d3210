// Asks the server what is wrong with the diagram and what it says in words, after each pause in the work.
// POST of the XML to data-check-url → {"problems": [{element, rule, sentence, fix, severity}], "outline": [{element, text, level}]}
import { csrfHeader } from '../site/csrf.js';

const PAUSE_MS = 800;

export function keepChecked(modeler, url, { begin, show, fail }) {
  let waiting, request;
  async function check() {
    begin();
    request?.abort();
    const asked = request = new AbortController();
    try {
      const { xml } = await modeler.saveXML({ format: true });
      const headers = { 'Content-Type': 'application/xml', Accept: 'application/json', ...csrfHeader() };
      const reply = await fetch(url, { method: 'POST', body: xml, headers, signal: asked.signal });
      if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
      const answer = await reply.json();
      if (asked === request) show(answer);
    } catch (problem) {
      if (problem.name !== 'AbortError') fail();
    }
  }
  modeler.on('commandStack.changed', () => { begin(); clearTimeout(waiting); waiting = setTimeout(check, PAUSE_MS); });
  return check();
}
