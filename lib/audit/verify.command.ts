import { openStore } from "../db/pool";
import { storeAddress } from "../platform/tls";
import { linkAudit, verifyAudit } from "./chain";
import { verificationSentence } from "./words";

const url = storeAddress(process.env);
if (!url) {
  console.error("DATABASE_URL is missing: the store's address, as in postgres://accord_app:…@host/accord.");
  process.exit(2);
}
const store = openStore(url, 1, "accord audit");
try {
  await linkAudit(store.db);
  const found = await verifyAudit(store.db);
  console.log(verificationSentence(found));
  if (found.head !== null) console.log(`The last link is ${found.head}.`);
  process.exitCode = found.why === null ? 0 : 1;
} catch (error) {
  console.error(`The store did not answer: ${(error as Error).message}. Is it migrated (npm run migrate)?`);
  process.exitCode = 2;
} finally {
  await store.close();
}
