import type { Metadata } from "next";
import { list, one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { ChannelsScreen } from "@/components/channels/channels-screen";
import { channelsQuery, notificationsQuery } from "@/components/channels/queries";
import { parseChannels, parseNotifications } from "@/lib/notifications/input";
import { listNotifications, readChannels } from "@/lib/notifications/reading";

export const metadata: Metadata = { title: "Channels" };

export default page(() => ({
  needs: [
    one(channelsQuery(), parseChannels, readChannels, {}),
    list(notificationsQuery(""), parseNotifications, listNotifications, {}),
  ],
  screen: <ChannelsScreen />,
}));
