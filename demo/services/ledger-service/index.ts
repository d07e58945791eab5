import { emit } from "../../../client/src";
import type { Definition, Handler } from "../../kit/definition";
import { readTables } from "../../kit/tables";

/** Books postings of an account strictly in its sequence: an early one waits for its predecessor. */
const postingRequested: Handler = async (tx, message, service) => {
  const { posting_id, account_id, amount_cents } = message.payload;
  const version = message.version!;
  await tx.query("insert into account (account_id) values ($1) on conflict (account_id) do nothing", [account_id]);
  const { rows } = await tx.query<{ version: number }>("select version from account where account_id = $1 for update", [
    account_id,
  ]);
  const booked = rows[0]!.version;
  if (version <= booked) return "stale";
  if (version > booked + 1) return { waitsFor: version - 1 };
  await tx.query("insert into posting (posting_id, account_id, version, amount_cents) values ($1, $2, $3, $4)", [
    posting_id,
    account_id,
    version,
    amount_cents,
  ]);
  const after = await tx.query<{ balance_cents: number }>(
    `update account set version = $2, balance_cents = balance_cents + $3, updated_at = clock_timestamp() where account_id = $1
     returning balance_cents`,
    [account_id, version, amount_cents],
  );
  const payload = { posting_id, account_id, amount_cents, balance_cents: after.rows[0]!.balance_cents };
  await emit(tx, service, { event: "PostingBooked", aggregate: "account", key: account_id, version, payload }, message);
  return "applied";
};

export const ledgerService: Definition = {
  name: "ledger-service",
  database: "ledger",
  tables: readTables(import.meta.dirname),
  compared: ["account"],
  version: () => "7.0.4",
  handlers: { PostingRequested: postingRequested },
  inSequence: true,
};
