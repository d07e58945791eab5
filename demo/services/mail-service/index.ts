import type { FrameworkDefinition } from "../../kit/framework";
import { onPgBoss, send } from "../../kit/frameworks/pg-boss";
import { readTables } from "../../kit/tables";
import { pointsOf, relayMail } from "./send";

export const mailService: FrameworkDefinition = {
  name: "mail-service",
  database: "mail",
  tables: readTables(import.meta.dirname),
  compared: ["points_mail"],
  version: () => "1.8.0",
  framework: onPgBoss("send-points-mail", async function sendPointsMail(tx, { data }, service) {
    const points = pointsOf(data, service);
    relayMail(`You have ${points.toFixed(0)} new points.`, service);
    await tx.query("insert into points_mail (order_id, email, points) values ($1, $2, $3) on conflict do nothing", [
      data.order_id,
      data.customer.email,
      points,
    ]);
  }),
  handlers: {
    PointsGranted: (tx, { payload }) => send(tx, "send-points-mail", { ...payload, enqueued_at: new Date() }),
  },
};
