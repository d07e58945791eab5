import { namesOf } from "./install";
import { databaseUrl } from "./kit/cluster";
import { CLOSE_SHOP } from "./kit/traffic";
import { createFrameworkService, createService, databaseOf, isOnFramework } from "./services";

// One service as a process of its own; estate.ts starts it and says where its database is.
const { ACCORD_ADMIN_URL: adminUrl, DEMO_PREFIX: prefix, DEMO_RATE: rate, DEMO_SEED: seed } = process.env;
const name = process.argv[2] ?? "";
if (!adminUrl) throw new Error("ACCORD_ADMIN_URL is not set: the address of the cluster that the estate is installed on.");

const names = namesOf(prefix);
const create = isOnFramework(name) ? createFrameworkService : createService;
const running = create(name, {
  url: databaseUrl(adminUrl, names.database(databaseOf(name))),
  brokerUrl: databaseUrl(adminUrl, names.broker),
  // The wire is an honest one: now and then late, now and then twice.
  disorder: { late: 0.01, twice: 0.005 },
  rate: Number(rate ?? 20),
  seed: Number(seed ?? 1),
  log: (line) => console.log(line),
});
running.start();

const STOP_MS_MAX = 4_000;
let leaving = false;
function leave(): void {
  if (leaving) return;
  leaving = true;
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  running.stop().then(() => process.exit(0));
}

process.on("message", (said) => said === CLOSE_SHOP && void running.closeShop());
// The channel closes when the estate's process ends, however it ends.
process.on("disconnect", leave);
// It may have ended while we were starting, before anybody listened.
if (process.connected === false) leave();
process.on("SIGTERM", leave);
// Ctrl-C reaches the whole group; the estate decides what it means.
process.on("SIGINT", () => {});
