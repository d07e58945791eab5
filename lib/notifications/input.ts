import { z } from "zod";
import { INSTANT_MAX, isStorable, NOT_STORABLE, parserOf, requestKey } from "../parsing";
import { notificationStates } from "./rules";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "is no channel's name");
const notificationId = z.uuid("is no message's id");

export const parseChannels = parserOf(z.object({}));
export const parseChannelTest = parserOf(z.object({ channel: name, key: requestKey }).strict());
export const parseNotificationId = parserOf(z.object({ notificationId }));
export const parseNotificationRetry = parserOf(z.object({ notificationId, key: requestKey }).strict());
export const parseNotifications = parserOf(
  z.object({
    channel: name.optional(),
    state: z.enum(notificationStates).optional(),
    after: z
      .string()
      .regex(/^\d{1,15}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is not a place in this list")
      .refine((text) => Number(text.split("-")[0]) <= INSTANT_MAX, "is not a place in this list")
      .optional(),
  }),
);
export type NotificationsInput = ReturnType<typeof parseNotifications>;

// Any text, however long: what is none of ours is answered in words for the person who opened it, and written down.
export const parseLink = parserOf(z.object({ link: z.string(), key: requestKey }).strict());

/** Somebody who ended digests. */
export const parseRejoin = parserOf(
  z.object({ channel: name, reader: z.string().min(1).max(320).refine(isStorable, NOT_STORABLE), key: requestKey }).strict(),
);
