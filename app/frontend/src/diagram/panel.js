// Keeps [data-replay-panel] filled with the page fragment of the entry shown. Fast steps ask once; late answers are dropped.
const WAIT_MS = 150;

export function panelLoader(panel, template) {
  let waiting, request;
  return n => {
    clearTimeout(waiting);
    request?.abort();
    waiting = setTimeout(async () => {
      const asked = request = new AbortController();
      panel.setAttribute('aria-busy', 'true');
      try {
        const reply = await fetch(template.replace('{n}', n), { signal: asked.signal, headers: { 'X-Requested-With': 'replay' } });
        if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
        const fragment = await reply.text();
        if (asked === request) fill(panel, fragment);
      } catch (problem) {
        if (problem.name === 'AbortError') return;
        panel.innerHTML = '<p class="govuk-body">This entry could not be fetched. Reload the page to try again.</p>';
      }
      panel.removeAttribute('aria-busy');
    }, WAIT_MS);
  };
}

// What was unfolded stays unfolded from entry to entry.
function fill(panel, fragment) {
  const summaries = () => [...panel.querySelectorAll('details > summary')];
  const open = new Set(summaries().filter(one => one.parentElement.open).map(one => one.textContent));
  panel.innerHTML = fragment;
  for (const one of summaries()) if (open.has(one.textContent)) one.parentElement.open = true;
}
