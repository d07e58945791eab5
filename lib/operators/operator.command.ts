import { openStore } from "../db/pool";
import { storeAddress } from "../platform/tls";
import { operatorCommand } from "./command";

const url = storeAddress(process.env);
if (!url) {
  console.error("DATABASE_URL is missing: the store's address, as in postgres://accord_app:…@host/accord.");
  process.exit(2);
}
const store = openStore(url, 1, "accord operator");
try {
  const { lines, exitCode } = await operatorCommand(store.db, process.argv.slice(2));
  for (const line of lines) (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
} catch (error) {
  console.error(`The store did not take it: ${(error as Error).message}. Is it migrated (npm run migrate)?`);
  process.exitCode = 1;
} finally {
  await store.close();
}
