import { bundlePrograms } from "./bundles";
import { packPages } from "./pack";

// The second half of `npm run build`.
await Promise.all([bundlePrograms(), packPages()]);
