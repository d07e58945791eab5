import { z } from "zod";
import { acknowledgeWays, channelKinds, weekdays } from "../channels/rules";
import { choice, duration, label, slug, timeZone } from "./fields";
import { address, allowed, headers } from "./shape-retry";

const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/)
  .describe("an address of e-mail such as ops@example.com");

/** A secret, which only a variable of the environment gives; what it came from is looked at beside the shape. */
const secret = (words: string) => z.string().min(1).max(1_000).describe(words);

const channel = z
  .strictObject({
    kind: choice(channelKinds),
    url: address.optional(),
    secret: secret("a secret that begins with whsec_, as an environment variable").optional(),
    headers: headers.optional(),
    routing_key: secret("an integration's key, as an environment variable").optional(),
    smtp: z
      .string()
      .max(2_000)
      .regex(/^(smtps?:\/\/|\$\{)\S+$/)
      .refine((text) => text.startsWith("smtp") && URL.canParse(text) && new URL(text).hostname !== "")
      .describe("a mail server such as smtps://host, with its password as an environment variable")
      .optional(),
    tls: choice(["require", "disable"]).optional(),
    from: mailbox.optional(),
    to: z.array(mailbox).min(1).max(50).describe("a list of addresses of e-mail").optional(),
    command: z
      .array(z.string().min(1).max(1_000).describe("a program's file or an argument"))
      .min(1)
      .max(50)
      .describe("a list of a program's file and its arguments")
      .optional(),
    allow: z.array(allowed).min(1).max(50).describe("a list of hosts and networks that may be reached").optional(),
    timeout: duration("a duration from 100ms to 30s", 100, 30_000).optional(),
    per_minute: z.int().min(2).max(6_000).describe("a whole number from 2 to 6000").optional(),
    acknowledge: choice(acknowledgeWays).optional(),
    heartbeat: z.boolean().describe("true or false").optional(),
  })
  .describe("a channel with kind");

const name = slug("a channel's name of letters, digits, - and _");
const names = z.array(name).min(1).max(50).describe("a list of channels, one at least");

const route = z
  .strictObject({
    zones: z.array(slug("a zone's name")).min(1).max(200).describe("a list of zones").optional(),
    owners: z.array(label("a team's name")).min(1).max(200).describe("a list of teams").optional(),
    severity: choice(["page", "ticket"]).optional(),
    days: z.array(choice(weekdays)).min(1).max(7).describe("a list of days such as mon").optional(),
    hours: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
      .refine((text) => text.slice(0, 5) !== text.slice(6))
      .describe("hours such as 09:00-17:00, or over midnight 22:00-06:00")
      .optional(),
    time_zone: timeZone.optional(),
    to: names,
    escalate: z.array(names).min(1).max(5).describe("a list of steps, each a list of channels").optional(),
  })
  .describe("a route with to");

const digest = z
  .strictObject({
    every: choice(["day", "week"]),
    on: choice(weekdays).optional(),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .describe("a time of the day such as 08:00")
      .optional(),
    time_zone: timeZone.optional(),
    owner: label("a team's name").optional(),
    to: names,
  })
  .describe("a digest with every and to");

/** What accord.yaml says of whom Accord tells. */
export const tellingShapes = {
  channels: z.record(name, channel).describe("channels by name").optional(),
  routes: z.array(route).max(200).describe("a list of routes").optional(),
  digests: z.array(digest).max(100).describe("a list of digests").optional(),
};
