// What every element of a diagram was like after each entry of a case, for any entry at once.
// entries: [{n, at, title, marks: {entered: [], left: [], cancelled: [], taken: []}}], in order.
const NOTHING = Object.freeze({ state: '', visits: 0 });

export class History {
  constructor(entries, isKnown) {
    this.entries = entries;
    this.changes = new Map();   // element → {at: [position …], is: [{state, visits} …]}, both in order
    const open = new Map(), left = new Map(), last = new Map();
    const count = (map, id, by) => map.set(id, Math.max(0, (map.get(id) ?? 0) + by));
    entries.forEach(({ marks = {} }, position) => {
      const touched = new Set();
      for (const [kind, ids] of Object.entries(marks)) {
        for (const id of ids) {
          if (!isKnown(id)) continue;
          touched.add(id);
          last.set(id, kind);
          if (kind === 'entered') count(open, id, 1);
          else if (kind !== 'taken') count(open, id, -1);
          if (kind === 'left' || kind === 'taken') count(left, id, 1);
        }
      }
      for (const id of touched) this.#note(id, position, open.get(id) ?? 0, left.get(id) ?? 0, last.get(id));
    });
  }

  get elements() { return this.changes.keys(); }

  // {state: '' | 'active' | 'done' | 'cancelled', visits} of an element after the entry at that position
  at(element, position) {
    const { at, is } = this.changes.get(element);
    let low = 0, high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] <= position) low = middle + 1; else high = middle;
    }
    return low ? is[low - 1] : NOTHING;
  }

  #note(id, position, open, left, lastKind) {
    const state = open ? 'active' : lastKind === 'cancelled' ? 'cancelled' : left ? 'done' : '';
    if (!this.changes.has(id)) this.changes.set(id, { at: [], is: [] });
    const { at, is } = this.changes.get(id);
    at.push(position);
    is.push({ state, visits: left + open });
  }
}
