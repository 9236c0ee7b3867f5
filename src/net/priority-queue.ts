/** A binary heap: the smallest item, by `before`, comes out first. */
export interface PriorityQueue<Item> {
  readonly size: number;
  peek(): Item | undefined;
  push(item: Item): void;
  pop(): Item | undefined;
}

export function createPriorityQueue<Item>(before: (a: Item, b: Item) => boolean): PriorityQueue<Item> {
  const heap: Item[] = [];
  return {
    get size() {
      return heap.length;
    },
    peek: () => heap[0],
    push: (item) => {
      heap.push(item);
      siftUp(heap, before);
    },
    pop: () => {
      const first = heap[0];
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) siftDown(heap, last, before);
      return first;
    },
  };
}

function siftUp<Item>(heap: Item[], before: (a: Item, b: Item) => boolean): void {
  let at = heap.length - 1;
  const item = heap[at];
  if (item === undefined) return;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !before(item, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = item;
}

/** Puts `item` where the root was and lets it sink. */
function siftDown<Item>(heap: Item[], item: Item, before: (a: Item, b: Item) => boolean): void {
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const takeRight = right !== undefined && before(right, left);
    const child = takeRight ? right : left;
    if (!before(child, item)) break;
    heap[at] = child;
    at = 2 * at + (takeRight ? 2 : 1);
  }
  heap[at] = item;
}
