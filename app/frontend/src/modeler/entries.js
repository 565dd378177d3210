// One field of the properties panel each: how it is labelled, read and written. Which element has which: groups.js.
// What a person types is stored as typed; the server says what is wrong with it.
import {
  CheckboxEntry, SelectEntry, TextAreaEntry, TextFieldEntry,
  isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited
} from '@bpmn-io/properties-panel';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { property, setProperties, setText, text } from './extensions.js';

const useServices = () => ({ bpmnFactory: useService('bpmnFactory'), modeling: useService('modeling') });

const entry = (id, component, isEdited) => ({ id: `waymark-${id}`, component, isEdited });

export function propertyField(name, label, description) {
  const component = ({ element, id }) => {
    const services = useServices();
    return TextFieldEntry({
      element, id, label, description, debounce: useService('debounceInput'),
      getValue: () => property(element, name),
      setValue: value => setProperties(element, { [name]: value }, services)
    });
  };
  return entry(name, component, isTextFieldEntryEdited);
}

// A deadline rule in words, beside the choice of those with a key: both are kept as dueRule, and a key has a point in it.
export const writtenRule = entry('due-rule-written', ({ element, id }) => {
  const services = useServices(), isKey = rule => rule.includes('.');
  return TextFieldEntry({
    element, id, label: 'Or by a rule written out', description: 'For example 15 school days', debounce: useService('debounceInput'),
    getValue: () => isKey(property(element, 'dueRule')) ? '' : property(element, 'dueRule'),
    setValue: value => {
      if (value || !isKey(property(element, 'dueRule'))) setProperties(element, { dueRule: value }, services);
    }
  });
}, isTextFieldEntryEdited);

// list: name of one of the lists the page brings; its items are {value, label}
export function propertyChoice(name, label, list, { none = '(none)', description } = {}) {
  const component = ({ element, id }) => {
    const services = useServices(), lists = useService('config.lists', false) ?? {};
    return SelectEntry({
      element, id, label, description,
      getValue: () => property(element, name),
      setValue: value => setProperties(element, { [name]: value }, services),
      getOptions: () => choices(lists[list] ?? [], property(element, name), none)
    });
  };
  return entry(name, component, isSelectEntryEdited);
}

export function propertyTick(name, label, description) {
  const component = ({ element, id }) => {
    const services = useServices();
    return CheckboxEntry({
      element, id, label, description,
      getValue: () => property(element, name) === 'true',
      setValue: value => setProperties(element, { [name]: value ? 'true' : '' }, services)
    });
  };
  return entry(name, component, isCheckboxEntryEdited);
}

// One tick of several that are kept in one property, separated by spaces.
export function propertyTickOf(name, { value, label }) {
  const component = ({ element, id }) => {
    const services = useServices(), ticked = property(element, name).split(/\s+/);
    return CheckboxEntry({
      element, id, label,
      getValue: () => ticked.includes(value),
      setValue: isTicked => {
        const others = property(element, name).split(/\s+/).filter(each => each && each !== value);
        setProperties(element, { [name]: (isTicked ? [...others, value] : others).join(' ') }, services);
      }
    });
  };
  return entry(`${name}-${value}`, component, isCheckboxEntryEdited);
}

export function extensionChoice(id, type, label, list) {
  const component = ({ element, id: place }) => {
    const services = useServices(), lists = useService('config.lists', false) ?? {};
    return SelectEntry({
      element, id: place, label,
      getValue: () => text(element, type),
      setValue: value => setText(element, type, value, services),
      getOptions: () => choices(lists[list] ?? [], text(element, type), '(none)')
    });
  };
  return entry(id, component, isSelectEntryEdited);
}

export function attributeField(name, label, description) {
  const component = ({ element, id }) => {
    const { modeling } = useServices();
    return TextFieldEntry({
      element, id, label, description, debounce: useService('debounceInput'),
      getValue: () => getBusinessObject(element).get(name) ?? '',
      setValue: value => modeling.updateProperties(element, { [name]: value || undefined })
    });
  };
  return entry(name, component, isTextFieldEntryEdited);
}

export const scriptField = entry('script', ({ element, id }) => {
  const { modeling } = useServices();
  return TextAreaEntry({
    element, id, label: 'What it sets (FEEL context)', monospace: true, rows: 6, debounce: useService('debounceInput'),
    description: 'For example { rounds: rounds + 1 }. Each name on the left gets the value on the right.',
    getValue: () => getBusinessObject(element).script ?? '',
    setValue: value => modeling.updateProperties(element, { script: value || undefined, scriptFormat: value ? 'feel' : undefined })
  });
}, isTextAreaEntryEdited);

export const conditionField = entry('condition', ({ element, id }) => {
  const { bpmnFactory, modeling } = useServices();
  return TextAreaEntry({
    element, id, label: 'Taken when (FEEL)', monospace: true, rows: 3, debounce: useService('debounceInput'),
    description: 'For example outcome = "met". Leave the default flow without one.',
    getValue: () => getBusinessObject(element).conditionExpression?.body ?? '',
    setValue: value => modeling.updateProperties(element, { conditionExpression: expression(element, value, bpmnFactory) })
  });
}, isTextAreaEntryEdited);

export function expression(element, body, bpmnFactory) {
  if (!body) return undefined;
  const made = bpmnFactory.create('bpmn:FormalExpression', { body });
  made.$parent = getBusinessObject(element);
  return made;
}

// What stands in the diagram is offered even where the list no longer has it, so that opening a panel changes nothing.
function choices(items, present, none) {
  const known = items.some(item => item.value === present);
  return [{ value: '', label: none }, ...items, ...(present && !known ? [{ value: present, label: named(present) }] : [])];
}

// Keys of rules have a point, keys of everything else are one word: what has a space was written out.
const named = present => present.includes(' ') ? `${present} (written out)` : `${present} (not found)`;
