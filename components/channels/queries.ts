import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, intentKey, postJson } from "@/components/fetch";
import type { NotificationRow } from "@/lib/notifications/rules";
import type { AlertLinkView, ChannelsView, NotificationsView, ReaderLinkView, TroubleView } from "@/lib/notifications/views";

const live = { refetchInterval: 5_000, refetchIntervalInBackground: false } as const;

export const channelsQuery = () =>
  queryOptions({
    queryKey: ["channels", "list"],
    queryFn: ({ signal }) => getJson<ChannelsView>("/api/v1/channels", signal),
    ...live,
  });

/** What was told; `search` is channel and state as the address has them. */
export const notificationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["channels", "notifications", search],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(search);
      if (pageParam !== null) query.set("after", pageParam);
      return getJson<NotificationsView>(`/api/v1/notifications?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: NotificationsView) => page.after,
    placeholderData: keepPreviousData,
    ...live,
  });

/** What of telling does not work: asked for by every screen, so once a minute. */
export const troubleQuery = () =>
  queryOptions({
    queryKey: ["channels", "trouble"],
    queryFn: ({ signal }) => getJson<TroubleView>("/api/v1/channels/trouble", signal),
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });

/** A message that is on its way, until something came of it. */
export const testQuery = (notificationId: string) =>
  queryOptions({
    queryKey: ["channels", "test", notificationId],
    queryFn: ({ signal }) => getJson<NotificationRow>(`/api/v1/notifications/${notificationId}`, signal),
    refetchInterval: ({ state }) => (state.data && state.data.state !== "waiting" ? false : 500),
  });

export const requestTest = ({ channel }: { channel: string }, key: string): Promise<{ notificationId: string }> =>
  postJson(`/api/v1/channels/${encodeURIComponent(channel)}/test`, {}, key);

export const requestNotificationRetry = (
  { notificationId }: { notificationId: string },
  key: string,
): Promise<{ state: string }> => postJson(`/api/v1/notifications/${notificationId}/retry`, {}, key);

/** What a link is for. Asked with the link in the body, where no log looks. */
export const askAlertLink = (link: string): Promise<AlertLinkView> => postJson("/api/links/alert", { link }, intentKey());
export const askReaderLink = (link: string): Promise<ReaderLinkView> => postJson("/api/links/reader", { link }, intentKey());

export const requestByLink = ({ link }: { link: string }, key: string): Promise<{ alertId: string; by: string }> =>
  postJson("/api/links/acknowledge", { link }, key);

export const requestLeave = ({ link }: { link: string }, key: string): Promise<ReaderLinkView> =>
  postJson("/api/links/unsubscribe", { link }, key);

export const requestRejoin = ({ channel, reader }: { channel: string; reader: string }, key: string): Promise<unknown> =>
  postJson(`/api/v1/channels/${encodeURIComponent(channel)}/rejoin`, { reader }, key);
