"use client";
import { useQuery } from "@tanstack/react-query";
import { IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { clockText, otherText, zoneName } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { timeZone } from "@/components/ui/time-zone";
import { AccountMenu } from "./account-menu";
import { Bell } from "./bell";
import { Brand, Environment } from "./brand";
import { Fresh, SourcesUp } from "./freshness";
import { useHelp } from "./help";
import { usePalette } from "./palette/palette";
import { meQuery } from "./queries";
import { Refresh } from "./refresh";
import { swapTheme } from "./theme";

export type Crumb = { label: string; href?: string; code?: boolean };

const Rule = () => <span className="h-4 w-px flex-none bg-line-strong" />;

/** Where one is, how fresh what one sees is, and what time it is. */
export function TopBar({ crumbs }: { crumbs: Crumb[] }) {
  const { data: me } = useQuery(meQuery());
  const back = crumbs.findLast((crumb) => crumb.href);
  return (
    <header className="flex h-11 items-center gap-3 border-b px-6 text-12 text-ink-2 max-md:h-12 max-md:px-4 print:hidden">
      {!back && (
        <div className="-ml-3 flex min-w-0 items-center md:hidden">
          <AccountMenu trigger={<IconButton name="menu" label="Menu" />} />
          <Brand environment={me?.environment ?? null} />
        </div>
      )}
      {back && (
        <Link
          href={back.href!}
          aria-label={`Back to ${back.label}`}
          className="-ml-3 grid size-11 flex-none place-items-center md:hidden"
        >
          <Icon name="left" />
        </Link>
      )}
      <nav aria-label="You are here" className={cn("min-w-0", !back && "max-md:hidden")}>
        <Crumbs crumbs={crumbs} />
      </nav>
      <div className="ml-auto flex flex-none items-center gap-3">
        <span className="max-md:hidden">
          <Refresh>
            <Fresh />
          </Refresh>
        </span>
        {back && me && <Environment name={me.environment} className="md:hidden" />}
        <span className="md:hidden">
          <Refresh>
            <Fresh brief />
          </Refresh>
        </span>
        <span className="contents max-md:hidden">
          <Rule />
          <SourcesUp />
          <Rule />
          <Clock />
          <Rule />
        </span>
        <Tools />
      </div>
    </header>
  );
}

function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <ol className="flex min-w-0 items-center gap-1.5">
      {crumbs.map((crumb, i) => (
        <li key={crumb.label} className={i < crumbs.length - 1 ? "flex flex-none items-center gap-1.5 max-md:hidden" : "min-w-0"}>
          {crumb.href ? (
            <Link href={crumb.href} className="hover:text-ink hover:underline">
              {crumb.label}
            </Link>
          ) : (
            <span
              aria-current="page"
              className={`block truncate font-medium text-ink max-md:text-15 max-md:font-semibold ${crumb.code ? "mono" : ""}`}
            >
              {crumb.label}
            </span>
          )}
          {i < crumbs.length - 1 && <span className="text-ink-3">/</span>}
        </li>
      ))}
    </ol>
  );
}

function Tools() {
  const help = useHelp();
  const palette = usePalette();
  return (
    <>
      <Bell />
      <IconButton name="search" label="Find" onClick={() => palette.setOpen(true)} className="-mr-2 md:hidden" />
      <IconButton name="theme" label="Light or dark" aria-keyshortcuts="t" onClick={swapTheme} className="max-md:hidden" />
      <button
        type="button"
        aria-label="Keyboard help"
        aria-keyshortcuts="?"
        onClick={() => help.setOpen(true)}
        className="h-4.25 min-w-4.25 rounded-bar border border-line-strong bg-surface px-1 text-11 leading-3.75 text-ink-3 hover:text-ink max-md:hidden"
      >
        ?
      </button>
    </>
  );
}

/** What time it is, in the zone that the viewer reads. */
export function Clock() {
  const now = useNow();
  timeZone.use();
  return (
    <span className={now === null ? "invisible" : "whitespace-nowrap"} title={now === null ? undefined : otherText(now)}>
      <b className="font-medium text-ink">{clockText(now ?? 0, now === null ? "UTC" : undefined)}</b>{" "}
      {now === null ? "UTC" : zoneName(now)}
    </span>
  );
}
