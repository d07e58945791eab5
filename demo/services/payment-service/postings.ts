import { transaction } from "../../kit/cluster";
import type { Handler, Service } from "../../kit/definition";
import { emit } from "../../kit/outbox";
import { customers, person, testCard } from "../../kit/people";
import { between } from "../../kit/random";

export const accounts = 24;

/** Asks the ledger for a posting, under the next number of its account. */
export async function requestPosting(
  service: Service,
  accountId: string,
  amountOf: (postingId: string) => number,
): Promise<string> {
  return transaction(service.pool, async (tx) => {
    const { rows } = await tx.query<{ posting_id: string; version: number }>(
      `insert into account_sequence as numbers (account_id, version) values ($1, 1)
       on conflict (account_id) do update set version = numbers.version + 1
       returning 'PST-' || nextval('posting_number') as posting_id, version`,
      [accountId],
    );
    const { posting_id, version } = rows[0]!;
    const amount_cents = amountOf(posting_id);
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

/** The ledger has booked it. */
export const postingBooked: Handler = async (tx, { payload }) => {
  const { rowCount } = await tx.query(
    "insert into booking_view (posting_id, account_id, amount_cents) values ($1, $2, $3) on conflict (posting_id) do nothing",
    [payload.posting_id, payload.account_id, payload.amount_cents],
  );
  return rowCount ? "applied" : "ignored";
};
