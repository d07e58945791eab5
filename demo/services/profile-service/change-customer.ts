import { emit } from "../../../client/src";
import type { Service } from "../../kit/definition";
import { person } from "../../kit/people";

/** The customer with this number registers, or moves house: the next version of who they are. Answers that version. */
export async function changeCustomer(service: Service, number: number): Promise<number> {
  return service.database.transaction(async (tx) => {
    const { id } = person(number);
    const { rows } = await tx.query<{ version: number }>("select version from customer where customer_id = $1 for update", [id]);
    const moves = rows[0]?.version ?? 0;
    const { name, email, city } = person(number, moves);
    const version = moves + 1;
    await tx.query(
      `insert into customer (customer_id, name, email, city, version) values ($1, $2, $3, $4, $5)
       on conflict (customer_id) do update set name = excluded.name, email = excluded.email, city = excluded.city,
         version = excluded.version, updated_at = clock_timestamp()`,
      [id, name, email, city, version],
    );
    const payload = { customer: { id, name, email, city } };
    await emit(tx, service, { event: "CustomerChanged", aggregate: "customer", key: id, version, payload });
    return version;
  });
}
