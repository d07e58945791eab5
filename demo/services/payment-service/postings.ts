import { emit } from "../../../client/src";
import type { Handler, Service } from "../../kit/definition";
import { customers, person, testCard } from "../../kit/people";
import { keepIfNewer } from "../../kit/projection";
import { between } from "../../kit/random";

export const accounts = 24;

/** Asks the ledger for a posting, under the next number of its account. */
export async function requestPosting(service: Service, accountId: string, amountOf: (number: number) => number): Promise<string> {
  return service.database.transaction(async (tx) => {
    const drawn = await tx.query<{ number: number }>("select nextval('posting_number') as number");
    const number = drawn.rows[0]!.number;
    const posting_id = `PST-${number}`;
    const amount_cents = amountOf(number);
    const { rows } = await tx.query<{ version: number }>(
      `insert into account as numbers (account_id, version, balance_cents) values ($1, 1, $2)
       on conflict (account_id) do update set version = numbers.version + 1,
         balance_cents = numbers.balance_cents + excluded.balance_cents, updated_at = clock_timestamp()
       returning version`,
      [accountId, amount_cents],
    );
    const { version } = rows[0]!;
    await tx.query("insert into posting (posting_id, account_id, version, amount_cents) values ($1, $2, $3, $4)", [
      posting_id,
      accountId,
      version,
      amount_cents,
    ]);
    const { email } = person(between(0, customers - 1, posting_id));
    const payload = {
      posting_id,
      account_id: accountId,
      amount_cents,
      currency: "EUR",
      customer: { email },
      payment: { pan: testCard(posting_id) },
    };
    await emit(tx, service, { event: "PostingRequested", aggregate: "account", key: accountId, version, payload });
    return posting_id;
  });
}

/** The ledger has booked it. Bookings may be told out of order; the account's newest standing wins. */
export const postingBooked: Handler = async (tx, { payload, version }) => {
  const { posting_id, account_id, amount_cents, balance_cents } = payload;
  const { rowCount } = await tx.query(
    "insert into booking_view (posting_id, account_id, amount_cents) values ($1, $2, $3) on conflict (posting_id) do nothing",
    [posting_id, account_id, amount_cents],
  );
  if (!rowCount) return "ignored";
  await keepIfNewer(tx, "account_view", "account_id", { account_id, balance_cents, version });
  return "applied";
};
