/** The one of `values` that a text names, else the usual. */
export const among = <V extends string, U>(values: readonly V[], text: string | undefined, usual: U): V | U =>
  values.find((value) => value === text) ?? usual;
