// The form editor, or with data-mode="view" the form as it is. The page brings
//   #canvas (data-src, data-save-url, data-revision, data-mode)   #status   #save
// The server checks a form when it is saved: its refusal stands in #status. Below 1,024 px the form is shown, not edited.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import { Draft, fetchDraft } from './editor/draft.js';
import { WIDE, reopenWhenWide, saySmall } from './editor/screen.js';

async function open(canvas) {
  const schema = JSON.parse(await fetchDraft(canvas));
  const isEditing = canvas.dataset.mode !== 'view' && WIDE.matches;
  const shown = isEditing ? new FormEditor({ container: canvas }) : new Form({ container: canvas });
  await shown.importSchema(schema, {});
  if (isEditing) {
    const draft = new Draft(canvas, 'application/json', () => JSON.stringify(shown.saveSchema(), null, 2));
    shown.on('changed', () => draft.changed());
  } else if (canvas.dataset.mode !== 'view') {
    saySmall(canvas);
    reopenWhenWide();
  }
  return shown;
}

window.form = await open(document.getElementById('canvas'));
document.body.dataset.ready = 'formeditor';
