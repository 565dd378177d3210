// Repeating rows. Without scripts the same buttons post  name="_add" value="<key>"  and  name="_remove" value="<key>:<n>".
//   <div data-rows="outcomes" data-rows-max="10">
//     <div data-row> … fields named outcomes-0-text, ids and labels alike … <button name="_remove" value="outcomes:0"> </div>
//     <template data-row-template> a row with __n__ wherever the number stands (and __number__ for the one people read) </template>
//     <button name="_add" value="outcomes">Add another</button>
//   </div>
export function repeatingRows(root) {
  for (const list of root.querySelectorAll('[data-rows]')) {
    list.addEventListener('click', event => {
      const button = event.target.closest('button[name="_add"], button[name="_remove"]');
      if (!button || button.closest('[data-rows]') !== list) return;
      if (button.name === '_add') add(list); else remove(list, button);
      event.preventDefault();
    });
    offer(list);
  }
}

const rowsOf = list => [...list.querySelectorAll('[data-row]')].filter(row => row.closest('[data-rows]') === list);

function add(list) {
  const template = list.querySelector('template[data-row-template]');
  const numbers = rowsOf(list).map(row => numberOf(list, row));
  const number = Math.max(-1, ...numbers) + 1;   // never one that is in use: the server reads rows in order, gaps allowed
  const html = template.innerHTML.replaceAll('__n__', number).replaceAll('__number__', numbers.length + 1);
  template.insertAdjacentHTML('beforebegin', html);
  const row = rowsOf(list).at(-1);
  row.querySelector('input:not([type=hidden]), select, textarea')?.focus();
  changed(list);
}

function remove(list, button) {
  button.closest('[data-row]').remove();
  changed(list);
  list.querySelector('button[name="_add"]')?.focus();
}

function numberOf(list, row) {
  const named = row.querySelector(`[name^="${list.dataset.rows}-"]`)?.name ?? '';
  return Number(named.slice(list.dataset.rows.length + 1).match(/^\d+/)?.[0] ?? -1);
}

function offer(list) {
  const add = list.querySelector('button[name="_add"]');
  if (add) add.hidden = rowsOf(list).length >= Number(list.dataset.rowsMax ?? Infinity);
}

function changed(list) {
  offer(list);
  list.dispatchEvent(new CustomEvent('wm:rows', { bubbles: true }));
}
