/** Runs one named step; `words` says what is so when it is done. */
export type Steps = <T>(name: string, words: string | ((value: T) => string), work: () => Promise<T>) => Promise<T>;

/** Steps that print a line with their duration when they are done; a failed one is printed as such, and thrown on. */
export function printedSteps(print: (line: string) => void): Steps {
  return async (name, words, work) => {
    const begun = performance.now();
    const line = (text: string) =>
      print(`  ${name.padEnd(12)}${text.padEnd(46)}${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s`);
    try {
      const value = await work();
      line(typeof words === "string" ? words : words(value));
      return value;
    } catch (error) {
      line("failed");
      throw error;
    }
  };
}
