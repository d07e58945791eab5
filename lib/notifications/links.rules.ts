import type { AlertState } from "../alerts/rules";
import { type LinkPurpose, type SignedLink, signLink } from "../channels/link.rules";
import type { Message } from "../channels/message.rules";
import type { ChannelConfig } from "../channels/rules";
import { days, hours, type Instant } from "../time";

/** So long after a message was made the link in it counts: a shift, and whoever reads it the morning after. */
export const ACKNOWLEDGE_MS = hours(24);
/** Letters are kept, and whoever reads one next summer wants no more of them either. */
export const UNSUBSCRIBE_MS = days(400);

/** What the store knows of a link and of the alert that it is for. `nowMs`: by the store's clock. */
export type LinkUse = {
  usedAt: Instant | null;
  nowMs: Instant;
  state: AlertState;
  acknowledgedAt: Instant | null;
  acknowledgedByName: string | null;
};

type Sent = { notificationId: string; createdAt: Instant; content: Message };
type Signer = { baseUrl: string | null; linkKey: Buffer | null };

/** A message with the links of its channel. What calls for somebody can be taken, and a digest to one reader can be ended. */
export function linked(
  { notificationId, createdAt, content }: Sent,
  { name, acknowledge }: Pick<ChannelConfig, "name" | "acknowledge">,
  signer: Signer,
): Message {
  const { kind, reader } = content;
  if ((kind === "raised" || kind === "escalated") && acknowledge !== "off")
    return withLinks(content, "acknowledge", { about: notificationId, until: createdAt + ACKNOWLEDGE_MS }, signer);
  if (kind !== "digest" || reader === undefined) return content;
  return withLinks(
    content,
    "unsubscribe",
    { about: readerText({ channel: name, reader }), until: createdAt + UNSUBSCRIBE_MS },
    signer,
  );
}

/** What is signed stands behind the #: no browser sends that, so that no log on the way has it, and no other site. A mail program that acts by itself has only the address. */
function withLinks(content: Message, purpose: LinkPurpose, said: SignedLink, { baseUrl, linkKey }: Signer): Message {
  if (baseUrl === null || linkKey === null) return content;
  const link = signLink(linkKey, purpose, said);
  const page = new URL(`/${purpose}#${link}`, baseUrl).href;
  if (purpose === "acknowledge") return { ...content, links: { acknowledge: page } };
  return { ...content, links: { unsubscribe: page, oneClick: new URL(`/api/links/one-click?link=${link}`, baseUrl).href } };
}

/** Who reads a channel's digests: what a link that ends them says. */
export type Reader = { channel: string; reader: string };
const readerText = ({ channel, reader }: Reader): string => `${channel} ${reader}`;

/** The same read again; the names of channels have no blanks. */
export function readerIn(about: string): Reader {
  const [channel = "", ...rest] = about.split(" ");
  return { channel, reader: rest.join(" ") };
}
