/** What a failure was caused by, after its own words: it tells groups apart that fail with the same words. */
export function CauseWords({ cause }: { cause: string | null }) {
  return cause === null ? null : <span className="text-ink-3"> · caused by {cause}</span>;
}
