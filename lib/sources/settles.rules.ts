/** Whether a source's rows may be marked as done by hand, and parked again: the native tables have words for both, where Accord may write to them. */
export const settles = ({ preset, act }: { preset: string; act: boolean }): boolean => preset === "native" && act;
