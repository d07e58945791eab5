/** Where in a file something stands: names of mappings, positions in lists. */
export type Path = readonly (string | number)[];
