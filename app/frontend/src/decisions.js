// The decision table editor, or with data-mode="view" the table as it is. The page brings
//   #canvas (data-src, data-save-url, data-revision, data-mode)   #status   #save
// Cells are FEEL; the server refuses what it cannot evaluate when the table is saved. Below 1,024 px it is a viewer.
import DmnModeler from 'dmn-js/lib/Modeler';
import DmnViewer from 'dmn-js/lib/NavigatedViewer';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import { Draft, fetchDraft } from './editor/draft.js';
import { WIDE, reopenWhenWide, saySmall } from './editor/screen.js';

async function open(canvas) {
  const xml = await fetchDraft(canvas);
  const isEditing = canvas.dataset.mode !== 'view' && WIDE.matches;
  const shown = isEditing ? new DmnModeler({ container: canvas }) : new DmnViewer({ container: canvas });
  await shown.importXML(xml);
  const table = shown.getViews().find(view => view.type === 'decisionTable');
  if (table) await shown.open(table);
  if (isEditing) {
    const draft = new Draft(canvas, 'application/xml', async () => (await shown.saveXML({ format: true })).xml);
    follow(shown, draft);
  } else if (canvas.dataset.mode !== 'view') {
    saySmall(canvas);
    reopenWhenWide();
  }
  return shown;
}

// Each view of dmn-js has a command stack of its own, made when the view is first opened.
function follow(modeler, draft) {
  const seen = new WeakSet();
  const attach = () => {
    const events = modeler.getActiveViewer()?.get('eventBus', false);
    if (!events || seen.has(events)) return;
    seen.add(events);
    events.on('elementsChanged', () => draft.changed());
    events.on('commandStack.changed', () => draft.changed());
  };
  modeler.on('views.changed', attach);
  attach();
}

window.decisions = await open(document.getElementById('canvas'));
document.body.dataset.ready = 'decisions';
