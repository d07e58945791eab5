import path from "node:path";

/** The folder of package.json. */
export const root = path.join(import.meta.dirname, "../..");
