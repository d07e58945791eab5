"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Refused } from "@/components/fetch";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { Empty } from "@/components/ui/empty";
import { clockText, durationText } from "@/components/ui/format";
import { useSilence } from "./silence";

type Props<T> = {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch" | "dataUpdatedAt" | "isFetching">;
  /** What could not be loaded: "Zones". */
  what: string;
  waiting: ReactNode;
  /** Returned when the data holds nothing to show. */
  empty?: (data: T) => ReactNode | null;
  /** The read is all that the screen shows: its failure is the screen's title. */
  headline?: boolean;
  children: (data: T) => ReactNode;
};

/** Waiting, failed, empty, data or old data: the five ends of a read. Old news beats no news. */
export function Loaded<T>({ query, what, waiting, empty, headline = false, children }: Props<T>) {
  const { data, error } = query;
  if (data === undefined)
    return error ? (
      <Failed what={what} headline={headline} error={error} retry={() => query.refetch()} busy={query.isFetching} />
    ) : (
      waiting
    );
  return (
    <>
      {error && <OldNews since={query.dataUpdatedAt} error={error} retry={() => query.refetch()} busy={query.isFetching} />}
      {empty?.(data) ?? children(data)}
    </>
  );
}

const reasonOf = (error: Error): string =>
  error instanceof Refused ? error.message : "This part of Accord failed while drawing it.";

const isSignedOut = (error: Error): boolean => error instanceof Refused && error.kind === "unauthenticated";

/** The way to sign in and back to this page. */
function SignIn() {
  const path = usePathname();
  return (
    <ButtonLink size="sm" tone="primary" href={`/sign-in?from=${encodeURIComponent(path)}`}>
      Sign in
    </ButtonLink>
  );
}

function Failed({
  what,
  headline,
  error,
  retry,
  busy,
}: {
  what: string;
  headline: boolean;
  error: Error;
  retry: () => void;
  busy: boolean;
}) {
  const signedOut = isSignedOut(error);
  const title = error instanceof Refused && error.kind === "not_found" ? `${what}: not found` : `${what} could not be loaded`;
  return (
    <Empty
      kind="error"
      headline={headline}
      title={signedOut ? "You are signed out" : title}
      actions={
        signedOut ? (
          <SignIn />
        ) : (
          <Button size="sm" busy={busy && "Trying"} onClick={retry}>
            Try again
          </Button>
        )
      }
    >
      {reasonOf(error)}
    </Empty>
  );
}

function OldNews({ since, error, retry, busy }: { since: number; error: Error; retry: () => void; busy: boolean }) {
  const now = useNow();
  const silent = useSilence() !== null;
  if (silent && error instanceof Refused && error.kind === "unreachable") return null;
  const age = `Everything below is from ${clockText(since)}${now === null ? "" : `, ${durationText(Math.max(0, now - since))} ago`}.`;
  if (isSignedOut(error))
    return (
      <Banner look="at_risk" className="mb-4" title="You are signed out." actions={<SignIn />}>
        {age}
      </Banner>
    );
  return (
    <Banner
      look="at_risk"
      className="mb-4"
      title={age}
      actions={
        <Button size="sm" busy={busy && "Trying"} onClick={retry}>
          Try now
        </Button>
      }
    >
      {reasonOf(error)} Accord keeps trying every few seconds.
    </Banner>
  );
}
