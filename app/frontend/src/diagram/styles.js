// The styles every BPMN canvas needs. The font as a file, not inside the CSS: the content policy allows our own host only.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import './marks.css';
