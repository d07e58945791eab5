/** Works through a batch in so many lanes side by side; what has the same key keeps its order. */
export async function inLanes<T>(
  lanesN: number,
  batch: T[],
  keyOf: (each: T) => string,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const lanes: T[][] = Array.from({ length: lanesN }, () => []);
  for (const each of batch) lanes[hashOf(keyOf(each)) % lanesN]!.push(each);
  // A lane that fails must not leave the others working unseen.
  const ends = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const each of lane) await work(each);
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

// FNV-1a.
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 16_777_619);
  return hash >>> 0;
}
