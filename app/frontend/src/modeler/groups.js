// Which of our fields an element has in the properties panel. BPMN's own groups (name, documentation, message, error …)
// come from the library; its timer group gives way to ours.
import { Group } from '@bpmn-io/properties-panel';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attributeField, conditionField, extensionChoice, propertyChoice, propertyField, propertyTick, propertyTickOf, scriptField, writtenRule } from './entries.js';
import { property } from './extensions.js';
import { timerEntries, timerOf } from './timer.js';

const PERSON_TASKS = ['bpmn:UserTask', 'bpmn:ManualTask'];
const taskEntries = [
  propertyChoice('formKey', 'Form', 'forms', { none: '(no form yet)' }),
  propertyChoice('dueRule', 'Due by rule', 'rules'),
  writtenRule,
  propertyField('dueBasis', 'Counted from (FEEL)', 'The date the rule counts from, for example plan_agreed_on'),
  propertyField('dueDate', 'Or due on (FEEL)', 'A date that people agreed, for example review_on'),
  propertyChoice('meeting', 'Decided at a meeting', 'meetings', { none: '(no meeting)', description: 'It is due on the day of the next meeting that has room' }),
  propertyField('pack', 'Forms its members see', 'Keys of forms, separated by spaces: their answers are the pack'),
  propertyChoice('place', 'Commissioned place', 'places', { none: '(no place)', description: 'The place is taken in the same moment in which the task is done, or not at all' }),
  propertyChoice('letter', 'Letter', 'letters', { none: '(no letter)', description: 'Written when the task opens; whoever does it reads it and sends it' }),
  propertyTick('restricted', 'Seen by its own lane only', 'Nobody else sees the task or its answers')
];
const laneEntries = [
  propertyChoice('role', 'Role', 'roles', { none: '(no role yet)', description: 'Whoever holds it gets the tasks of this lane' }),
  propertyChoice('organisation', 'Whose', 'organisations', { none: 'The home organisation of the case' })
];
const decisionEntries = [extensionChoice('decision', 'spiffworkflow:CalledDecisionId', 'Decision table', 'decisions')];
const calledEntries = [attributeField('calledElement', 'Process', 'The id of the process it starts and waits for')];

const startForm = [propertyChoice('formKey', 'Form to start with', 'forms', { none: '(no form: nothing is asked)' })];

// People begin at a plain start event of a process, not of a sub-process drawn inside one.
const isBegunByPeople = element => is(element, 'bpmn:StartEvent')
  && !(getBusinessObject(element).eventDefinitions ?? []).length
  && !is(getBusinessObject(element).$parent ?? {}, 'bpmn:SubProcess');

function startGroups(element, starters) {
  const known = starters.map(each => each.value);
  const unknown = property(element, 'startRoles').split(/\s+/).filter(each => each && !known.includes(each));
  const ticks = [...starters, ...unknown.map(value => ({ value, label: `${value} (cannot start cases)` }))];
  return [['start', 'Start', startForm], ['starters', 'Who may start a case', ticks.map(each => propertyTickOf('startRoles', each))]];
}

const isConditional = element => is(element, 'bpmn:SequenceFlow')
  && isAny(getBusinessObject(element).sourceRef ?? {}, ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'])
  && getBusinessObject(element).sourceRef.default !== getBusinessObject(element);

function ownGroups(element, lists) {
  if (isBegunByPeople(element)) return startGroups(element, lists.starters ?? []);
  if (isAny(element, PERSON_TASKS)) return [['task', 'Task', taskEntries]];
  if (is(element, 'bpmn:Lane')) return [['lane', 'Who', laneEntries]];
  if (is(element, 'bpmn:ScriptTask')) return [['script', 'Script', [scriptField]]];
  if (is(element, 'bpmn:BusinessRuleTask')) return [['decision', 'Decision', decisionEntries]];
  if (is(element, 'bpmn:CallActivity')) return [['called', 'Called process', calledEntries]];
  if (isConditional(element)) return [['condition', 'Condition', [conditionField]]];
  if (is(element, 'bpmn:Event') && timerOf(element)) return [['timer', 'Timer', timerEntries(element)]];
  return [];
}

class Provider {
  constructor(propertiesPanel, lists) {
    this.lists = lists ?? {};
    propertiesPanel.registerProvider(500, this);
  }

  getGroups(element) {
    return groups => {
      const ours = ownGroups(element, this.lists).map(([id, label, entries]) =>
        ({ id: `waymark-${id}-group`, label, component: Group, entries, shouldOpen: true }));
      const [general, ...others] = groups.filter(group => group.id !== 'timer');
      // the name is what is changed most: its group stands open as ours do
      return [...(general ? [{ ...general, shouldOpen: true }] : []), ...ours, ...others];
    };
  }
}
Provider.$inject = ['propertiesPanel', 'config.lists'];

export default { __init__: ['waymarkProvider'], waymarkProvider: ['type', Provider] };
