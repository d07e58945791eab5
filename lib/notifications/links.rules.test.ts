import { expect, test } from "vitest";
import { mailOf, pagerdutyBodies, slackBody, teamsBody, webhookBody } from "../channels/bodies.rules";
import { linkKeyOf, readLink } from "../channels/link.rules";
import type { Message, MessageKind } from "../channels/message.rules";
import { linkBlock } from "./link-words";
import { ACKNOWLEDGE_MS, linked, readerIn, UNSUBSCRIBE_MS } from "./links.rules";

const key = linkKeyOf("a secret of the tests");
const signer = { baseUrl: "https://accord.example", linkKey: key };
const notificationId = "6f1c7c1e-0000-4000-8000-000000000001";
const message = (kind: MessageKind): Message => ({
  ...{ kind, subject: "alert 7", environment: "test", title: "Sales: parked", sentence: "It is wrong.", at: 1_000 },
  ...{ link: "https://accord.example/alerts/7", urgent: true, over: false, alert: null, runbook: null },
});
const told = (kind: MessageKind, acknowledge: "sign_in" | "by_link" | "off" = "sign_in", by: typeof signer | null = signer) =>
  linked(
    { notificationId, createdAt: 1_000, content: message(kind) },
    { name: "chat", acknowledge },
    by ?? { baseUrl: null, linkKey: null },
  );

test("what calls for somebody carries a link for a day, the same each time that it is sent; nothing else does", () => {
  const { acknowledge } = told("raised").links!;
  const page = new URL(acknowledge!);
  expect(page.href.split("#")[0]).toBe("https://accord.example/acknowledge");
  expect(readLink(key, "acknowledge", page.hash.slice(1))).toEqual({ about: notificationId, until: 1_000 + ACKNOWLEDGE_MS });
  expect(told("raised")).toEqual(told("raised", "by_link"));
  expect(told("escalated").links).toEqual({ acknowledge });
  for (const kind of ["acknowledged", "cleared", "more", "channel", "digest", "test"] as const)
    expect(told(kind)).toEqual(message(kind));
});

test("a channel that wants none, and a worker that knows no secret or no address, send none", () => {
  expect(told("raised", "off")).toEqual(message("raised"));
  expect(told("raised", "sign_in", null)).toEqual(message("raised"));
});

test("a digest to one reader can be ended by them, on a page and by their mail program; one to all of a channel cannot", () => {
  const content = { ...message("digest"), reader: "a@shop.example" };
  const { links } = linked({ notificationId, createdAt: 1_000, content }, { name: "mail", acknowledge: "off" }, signer);
  const link = new URL(links!.unsubscribe!).hash.slice(1);
  expect(links).toEqual({
    unsubscribe: `https://accord.example/unsubscribe#${link}`,
    oneClick: `https://accord.example/api/links/one-click?link=${link}`,
  });
  const said = readLink(key, "unsubscribe", link)!;
  expect(said.until).toBe(1_000 + UNSUBSCRIBE_MS);
  expect(readerIn(said.about)).toEqual({ channel: "mail", reader: "a@shop.example" });
  expect(readLink(key, "acknowledge", link)).toBeNull();
});

test("every tool gets it where it looks for it", () => {
  const one = told("raised");
  const url = one.links!.acknowledge!;
  const named = { text: "Acknowledge", url };
  expect(webhookBody(one).data.links).toEqual({ acknowledge: url });
  expect(slackBody(one).blocks.at(-1)).toMatchObject({ elements: [{}, { text: { text: named.text }, url }] });
  expect(teamsBody(one).attachments[0]!.content.actions).toContainEqual({ type: "Action.OpenUrl", title: named.text, url });
  expect(pagerdutyBodies(one, "k")[0]).toMatchObject({ links: [{}, { text: named.text, href: url }] });
  expect(mailOf(one).text).toContain(`Acknowledge: ${url}`);
  expect(mailOf(one).html).toContain(`<a href="${url}">Acknowledge</a>`);
});

const open = {
  state: "raised",
  usedAt: null,
  nowMs: 10_000,
  acknowledgedAt: null,
  acknowledgedByName: null,
  way: "sign_in",
} as const;
test("why a link does nothing any more is one sentence, and what became of the alert comes first", () => {
  const said = (over: object, until = 20_000) => linkBlock({ ...open, ...over }, until);
  expect(said({})).toBeNull();
  expect(said({ nowMs: 19_999 })).toBeNull();
  expect(said({ nowMs: 20_000 })).toBe("This link ended 0.0 s ago. Sign in and acknowledge on the alert’s page.");
  expect(said({ way: "off" })).toBe("This channel’s links do not acknowledge any more. Sign in and do it on the alert’s page.");
  const taken = { state: "acknowledged", acknowledgedAt: 5_000, acknowledgedByName: "Jo" };
  expect(said(taken)).toBe("Jo acknowledged it 5.0 s ago.");
  expect(said({ ...taken, usedAt: 5_000, nowMs: 30_000 })).toBe("This link was used. Jo acknowledged it 25 s ago.");
  expect(said({ state: "cleared" })).toBe("It is cleared.");
});
