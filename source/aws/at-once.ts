/**
 * Calls `act` for each item, for several items in parallel. After the first failure, no other item is begun. Nobody waits for the
 * calls that still run.
 * @param most how many calls run in parallel.
 * @throws the first failure.
 */
export async function eachAtOnce<Item>(
  items: Iterable<Item>,
  most: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  // All workers take their items from one generator. When a worker fails, it leaves its loop. That ends the generator, and so the
  // loops of the other workers.
  const remaining = iterate(items);
  const work = async () => {
    for (const item of remaining) await act(item);
  };
  await Promise.all(Array.from({ length: most }, work));
}

/** Makes a generator of the items. A generator ends when a loop over it is left, and the iterator of an array does not. */
function* iterate<Item>(items: Iterable<Item>): Generator<Item> {
  yield* items;
}
