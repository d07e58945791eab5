import type { Instant } from "../time";

export const messageKinds = ["raised", "escalated", "acknowledged", "cleared", "more", "channel", "digest", "test"] as const;
export type MessageKind = (typeof messageKinds)[number];

/** The alert that a message is about, as it was at that step. */
export type MessageAlert = {
  alertId: number;
  zoneId: string;
  zone: string;
  condition: string;
  cause: string;
  severity: "page" | "ticket";
  /** How often it was told further. */
  level: number;
  raisedAt: Instant;
  owner: string;
};

/** What is told, whatever it is told through. It holds no payload, and every text in it is masked where it was made. */
export type Message = {
  kind: MessageKind;
  /** What it is about: what a tool keeps together under one key. */
  subject: string;
  environment: string;
  title: string;
  sentence: string;
  link: string | null;
  at: Instant;
  /** Whether somebody must look now. */
  urgent: boolean;
  /** Whether what it is about is over. */
  over: boolean;
  alert: MessageAlert | null;
  runbook: string | null;
  /** What stands below, of a digest. */
  sections?: { title: string; lines: string[] }[];
  /** The one address of a channel of e-mail that it is for; left out, it is for all of them. */
  reader?: string;
  /** The signed links of this channel's message: made when it is sent, and never stored. */
  links?: MessageLinks;
};

/** `acknowledge`: the page that takes the alert. `unsubscribe`: the page that ends digests; `oneClick`: what a mail program asks in its place. */
export type MessageLinks = { acknowledge?: string; unsubscribe?: string; oneClick?: string };

/** The key under which another tool keeps all messages about one thing: of this installation alone. */
export const dedupKey = ({ environment, subject }: Pick<Message, "environment" | "subject">): string =>
  `accord/${environment}/${subject}`.slice(0, 255);
