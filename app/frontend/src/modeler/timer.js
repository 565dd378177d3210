// The fields of a timer event: by a deadline rule, at a date, or after a duration. Never a cycle: the engine has none.
import { SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { propertyChoice, propertyField, writtenRule } from './entries.js';
import { property, setProperties } from './extensions.js';

const LABELS = {
  timeDate: ['Date', 'ISO 8601, or FEEL that gives a date'],
  timeDuration: ['Duration', 'ISO 8601 (P10D is ten days), or FEEL that gives a duration']
};
// Kinds chosen but not filled in yet leave nothing in the diagram; remember them while the page is open.
const chosen = new WeakMap();

export const timerOf = element =>
  (getBusinessObject(element).eventDefinitions ?? []).find(definition => is(definition, 'bpmn:TimerEventDefinition'));

export function timerEntries(element) {
  const kind = kindOf(element);
  const fields = kind === 'rule'
    ? [propertyChoice('dueRule', 'Deadline rule', 'rules'),
       writtenRule,
       propertyField('dueBasis', 'Counted from (FEEL)', 'The date the rule counts from, for example plan_agreed_on')]
    : [{ id: `waymark-${kind}`, kind, component: When, isEdited: isTextFieldEntryEdited }];
  return [{ id: 'waymark-timer-kind', component: Kind, isEdited: isSelectEntryEdited }, ...fields];
}

function kindOf(element) {
  const timer = timerOf(element);
  if (chosen.has(timer)) return chosen.get(timer);
  if (property(element, 'dueRule') || property(element, 'dueBasis')) return 'rule';
  return timer.timeDuration ? 'timeDuration' : 'timeDate';
}

function Kind({ element, id }) {
  const modeling = useService('modeling'), bpmnFactory = useService('bpmnFactory');
  return SelectEntry({
    element, id, label: 'Happens',
    getValue: () => kindOf(element),
    getOptions: () => [
      { value: 'rule', label: 'When a deadline rule says' },
      { value: 'timeDate', label: 'At a date' },
      { value: 'timeDuration', label: 'After a duration' }
    ],
    setValue: kind => {
      chosen.set(timerOf(element), kind);
      modeling.updateModdleProperties(element, timerOf(element), { timeDate: undefined, timeDuration: undefined, timeCycle: undefined });
      if (kind !== 'rule') setProperties(element, { dueRule: '', dueBasis: '' }, { bpmnFactory, modeling });
    }
  });
}

function When({ element, id, kind }) {
  const modeling = useService('modeling'), bpmnFactory = useService('bpmnFactory'), [label, description] = LABELS[kind];
  return TextFieldEntry({
    element, id, label, description, debounce: useService('debounceInput'),
    getValue: () => timerOf(element)[kind]?.body ?? '',
    setValue: body => {
      const timer = timerOf(element);
      const written = body ? bpmnFactory.create('bpmn:FormalExpression', { body }) : undefined;
      if (written) written.$parent = timer;
      modeling.updateModdleProperties(element, timer, { timeDate: undefined, timeDuration: undefined, timeCycle: undefined, [kind]: written });
    }
  });
}
