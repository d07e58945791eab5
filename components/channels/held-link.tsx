"use client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Refused } from "@/components/fetch";
import { Loaded } from "@/components/live/loaded";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { linkPageWords } from "./words";

type Page = "acknowledge" | "unsubscribe";
type Props<T> = {
  page: Page;
  /** What the link is about: "the alert". */
  what: string;
  ask: (link: string) => Promise<T>;
  children: (view: T, link: string) => ReactNode;
};

/** What somebody sees who follows a link from a message: what it is for. Nothing is done before they press. */
export function HeldLink<T>(props: Props<T>) {
  const link = useHeldLink(props.page);
  if (link === undefined) return <SkeletonBlock />;
  return link === null ? <p>{linkPageWords.none}</p> : <Held link={link} {...props} />;
}

function Held<T>({ page, link, what, ask, children }: Props<T> & { link: string }) {
  const query = useQuery({ queryKey: ["links", page, link], queryFn: () => ask(link), retry: false });
  // What a link came to is its answer, and no trouble that passes.
  if (query.error instanceof Refused && ["invalid", "not_found"].includes(query.error.kind))
    return <p role="alert">{query.error.message}</p>;
  return (
    <Loaded query={query} what={what} waiting={<SkeletonBlock />}>
      {(view) => <div className="flex flex-col gap-4">{children(view, link)}</div>}
    </Loaded>
  );
}

/**
 * The link that a page was opened with: what stands behind the # of its address. It is taken out of there at once, so that neither history nor
 * a copied address has it, and kept for this tab, which may go to sign in and come back. Undefined until it is known, null where there is none.
 */
function useHeldLink(page: Page): string | null | undefined {
  const [link, setLink] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    const take = () => setLink(takeLink(`link ${page}`));
    take();
    // Another one, put into the address of the same page.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [page]);
  return link;
}

function takeLink(kept: string): string | null {
  const given = location.hash.slice(1);
  if (given !== "") history.replaceState(history.state, "", location.pathname);
  try {
    if (given !== "") sessionStorage.setItem(kept, given);
    return given || sessionStorage.getItem(kept);
  } catch {
    // A browser that keeps nothing: the link holds until the page is left.
    return given || null;
  }
}

/** Why a press on such a page did nothing. */
export const LinkFailure = ({ error }: { error: Error | null }) =>
  error && (
    <p role="alert" className="text-breach-fg">
      {error.message}
    </p>
  );
