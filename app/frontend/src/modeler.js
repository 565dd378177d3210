// The BPMN editor. The page brings
//   #canvas (data-src, data-save-url, data-check-url, data-revision)   #panel   #outline   #problems   #problem-count
//   #status   #save   buttons [data-action="undo|redo|createElement|appendElement|replaceElement|removeSelection"]
//   <script type="application/json" id="lists">{"forms", "rules", "roles", "starters", "organisations", "decisions", "meetings", "places": [{value, label}]}
// The server decides what is a problem; nothing is judged here. Below 1,024 px it is a viewer.
import BpmnModeler from 'bpmn-js/lib/Modeler';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import minimapModule from 'diagram-js-minimap';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './modeler/editor.css';
import { fit, openViewer, sayNothingToShow } from './diagram/viewer.js';
import { Draft, fetchDraft } from './editor/draft.js';
import { WIDE, reopenWhenWide, saySmall } from './editor/screen.js';
import { keepChecked } from './modeler/checking.js';
import groups from './modeler/groups.js';
import moddle from './modeler/moddle.json';
import { Outline } from './modeler/outline.js';
import { Problems } from './modeler/problems.js';
import { Selecting } from './modeler/selecting.js';

// room for the palette on the left, the minimap's button above and the bpmn.io mark below
const MARGIN_PX = { top: 70, right: 20, bottom: 60, left: 130 };
const $ = id => document.getElementById(id);

async function edit(canvas, xml) {
  const modeler = new BpmnModeler({
    container: canvas,
    propertiesPanel: { parent: $('panel') },
    moddleExtensions: { spiffworkflow: moddle },
    lists: JSON.parse($('lists')?.textContent ?? '{}'),
    additionalModules: [BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, groups, minimapModule, CreateAppendAnythingModule]
  });
  await modeler.importXML(xml);
  fit(modeler, [], MARGIN_PX);
  const draft = new Draft(canvas, 'application/xml', async () => (await modeler.saveXML({ format: true })).xml);
  modeler.on('commandStack.changed', () => draft.changed());
  for (const button of document.querySelectorAll('button[data-action]')) {
    button.addEventListener('click', () => modeler.get('editorActions').trigger(button.dataset.action, {}));
  }
  await putIntoWords(modeler, canvas);
  return modeler;
}

async function look(canvas, xml) {
  saySmall(canvas);
  reopenWhenWide();
  const viewer = await openViewer(canvas, xml);
  if (viewer) await putIntoWords(viewer, canvas);
  return viewer;
}

// Outline and problems beside the diagram; both work on an editor and on a viewer.
function putIntoWords(shown, canvas) {
  const selecting = new Selecting(shown, $('panel'));
  const outline = new Outline($('outline'), shown, selecting);
  const problems = new Problems($('problems'), shown, selecting);
  return keepChecked(shown, canvas.dataset.checkUrl, {
    begin: () => problems.begin(),
    show: answer => {
      outline.show(answer.outline ?? []);
      problems.show(answer.problems ?? []);
    },
    fail: () => problems.fail()
  });
}

async function open(canvas) {
  const xml = await fetchDraft(canvas).catch(() => null);
  if (xml === null) return sayNothingToShow(canvas);
  return WIDE.matches ? edit(canvas, xml).catch(() => sayNothingToShow(canvas)) : look(canvas, xml);
}

window.modeler = await open($('canvas'));
document.body.dataset.ready = 'modeler';
