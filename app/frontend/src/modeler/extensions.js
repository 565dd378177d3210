// Reads and writes <bpmn:extensionElements> of an element: our properties, and elements with one text.
// Each write is one command, so that Undo takes it back.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const PROPERTIES = 'spiffworkflow:Properties';

const extension = (element, type) =>
  (getBusinessObject(element).extensionElements?.values ?? []).find(value => is(value, type));

export const property = (element, name) =>
  (extension(element, PROPERTIES)?.values ?? []).find(each => each.name === name)?.value ?? '';

// values: {name: value}; an empty value takes the property away
export function setProperties(element, values, { bpmnFactory, modeling }) {
  const kept = (extension(element, PROPERTIES)?.values ?? []).filter(each => !(each.name in values));
  const set = Object.entries(values).filter(([, value]) => value)
    .map(([name, value]) => bpmnFactory.create('spiffworkflow:Property', { name, value }));
  const all = [...kept, ...set];
  setExtension(element, PROPERTIES, all.length ? { values: all } : null, { bpmnFactory, modeling });
}

export const text = (element, type) => extension(element, type)?.value ?? '';

export const setText = (element, type, value, services) => setExtension(element, type, value ? { value } : null, services);

function setExtension(element, type, attributes, { bpmnFactory, modeling }) {
  const owner = getBusinessObject(element);
  const kept = (owner.extensionElements?.values ?? []).filter(value => !is(value, type));
  const values = attributes ? [...kept, bpmnFactory.create(type, attributes)] : kept;
  const elements = values.length ? bpmnFactory.create('bpmn:ExtensionElements', { values }) : undefined;
  if (elements) adopt(owner, elements);
  modeling.updateProperties(element, { extensionElements: elements });
}

function adopt(parent, child) {
  child.$parent = parent;
  for (const grandchild of child.values ?? []) adopt(child, grandchild);
}
