"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { follow } from "@/components/live/tab";
import { useKeys } from "@/components/ui/keys";
import { Announcer } from "./announcer";
import { Brand } from "./brand";
import { HelpContext, HelpWhenAsked } from "./help";
import { MeFoot } from "./me-foot";
import { BottomNav, SideNav } from "./nav";
import { PaletteContext, PaletteDialog } from "./palette/palette";
import { SearchBox } from "./palette/search-box";
import { PinnedViews } from "./pinned-views";
import { places } from "./places";
import { meQuery } from "./queries";
import { swapTheme } from "./theme";
import { ZoneList } from "./zone-list";

/** The frame of every screen: places and zones at the left, the screen at the right. */
export function Shell({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const help = useMemo(() => ({ open, setOpen }), [open]);
  const [finds, setFinds] = useState(false);
  const palette = useMemo(() => ({ open: finds, setOpen: setFinds }), [finds]);
  const { data: me } = useQuery(meQuery());
  const client = useQueryClient();
  useEffect(() => follow(client), [client]);
  useKeys({
    ...Object.fromEntries(places.map((place) => [`g ${place.key}`, () => router.push(place.href)])),
    t: swapTheme,
    "?": () => setOpen(true),
  });
  return (
    <HelpContext value={help}>
      <PaletteContext value={palette}>
        <a
          href="#main"
          className="absolute top-2 left-2 z-50 -translate-y-16 rounded-control bg-ink px-3 py-1.5 text-canvas focus:translate-y-0"
        >
          Skip to the content
        </a>
        <div className="min-h-dvh md:grid md:grid-cols-[212px_minmax(0,1fr)] print:block">
          <aside
            aria-label="Places and zones"
            className="sticky top-0 flex h-dvh flex-col gap-0.5 border-r px-2 pt-2.5 pb-3 max-md:hidden print:hidden"
          >
            <Brand environment={me?.environment ?? null} />
            <SearchBox />
            <SideNav />
            <PinnedViews />
            <ZoneList />
            <div className="mt-auto pt-3">
              <MeFoot />
            </div>
          </aside>
          <main id="main" tabIndex={-1} className="flex min-h-dvh min-w-0 flex-col outline-none">
            {children}
            <BottomNav />
          </main>
        </div>
        <HelpWhenAsked />
        <PaletteDialog />
        <Announcer />
      </PaletteContext>
    </HelpContext>
  );
}
