import { bundlePrograms } from "./bundles";

// The second half of `npm run build`.
await bundlePrograms();
