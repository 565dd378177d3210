// <form data-submit-once>: a second press within five seconds is dropped. The server's idempotency key is what makes a
// repeat harmless; this only saves the person a puzzling page. The button is not disabled: its name must be sent.
const WAIT_MS = 5000;

export function submitOnce(root) {
  for (const form of root.querySelectorAll('form[data-submit-once]')) {
    let sentAt = -Infinity;
    form.addEventListener('submit', event => {
      if (event.timeStamp - sentAt < WAIT_MS) event.preventDefault();
      else sentAt = event.timeStamp;
    });
    window.addEventListener('pageshow', event => { if (event.persisted) sentAt = -Infinity; });
  }
}
