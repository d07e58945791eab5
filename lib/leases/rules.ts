/** How many sources a worker may hold, so that all live workers share the work. */
export function fairShare(sourcesN: number, workersN: number): number {
  return Math.ceil(sourcesN / Math.max(1, workersN));
}
