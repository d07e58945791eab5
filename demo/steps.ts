export type Steps = <T>(name: string, work: () => Promise<T>, words?: (value: T) => string) => Promise<T>;

/** Runs named steps, and prints a line with its duration for each that is done; a failed one is printed as such and thrown on. */
export function printedSteps(print: (line: string) => void): Steps {
  return async (name, work, words = () => "ready") => {
    const begun = performance.now();
    const line = (text: string) =>
      print(`  ${name.padEnd(10)}${text.padEnd(48)}${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s`);
    try {
      const value = await work();
      line(words(value));
      return value;
    } catch (error) {
      line("failed");
      throw error;
    }
  };
}
