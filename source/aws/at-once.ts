/**
 * Does an act for each item, a number of them at once. After the first failure nothing more begins.
 * @throws the first failure.
 */
export async function eachAtOnce<Item>(
  items: Iterable<Item>,
  most: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  // All workers draw from one generator. A failure leaves its loop, which ends the generator for the others too.
  const left = drawn(items);
  const work = async () => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: most }, work));
}

function* drawn<Item>(items: Iterable<Item>): Generator<Item> {
  yield* items;
}
