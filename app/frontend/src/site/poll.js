// <div data-poll="/inbox/fragment"> is filled again every 30 seconds (data-poll-seconds) while the page is looked at.
// 204 means nothing changed. Nothing is replaced under the person's focus, so that no keyboard user loses the place.
export function poll(root) {
  for (const region of root.querySelectorAll('[data-poll]')) {
    const seconds = Number(region.dataset.pollSeconds ?? 30);
    setInterval(() => refresh(region), seconds * 1000);
  }
}

async function refresh(region) {
  if (document.hidden || region.contains(document.activeElement)) return;
  const headers = { 'X-Requested-With': 'poll', ...(region.dataset.etag ? { 'If-None-Match': region.dataset.etag } : {}) };
  const reply = await fetch(region.dataset.poll, { headers, cache: 'no-store' }).catch(() => null);
  if (!reply || reply.status !== 200 || reply.redirected) return;
  const fragment = await reply.text();
  if (region.contains(document.activeElement)) return;
  region.dataset.etag = reply.headers.get('ETag') ?? '';
  region.innerHTML = fragment;
}
