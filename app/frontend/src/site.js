// Every page: GOV.UK components, then our own additions. Each does nothing on a page without its attribute,
// and every page works without any of them.
import { initAll } from 'govuk-frontend';
import { autosave } from './site/autosave.js';
import { poll } from './site/poll.js';
import { repeatingRows } from './site/rows.js';
import { shownWhen } from './site/shown_when.js';
import { submitOnce } from './site/submit_once.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
initAll();
for (const enhance of [repeatingRows, shownWhen, autosave, submitOnce, poll]) enhance(document);
document.body.dataset.ready ??= 'site';
