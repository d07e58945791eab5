"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { bellQuery } from "@/components/alerts/queries";
import { alertHref } from "@/components/alerts/words";
import { keptChoice } from "@/components/ui/kept";
import { toast } from "@/components/ui/toast";
import { seconds } from "@/lib/time";

/** Whether this browser itself says what is raised, also while its tab is out of sight. */
export const browserNotes = keptChoice("accord-notes", ["off", "on"], "off");

/** Switches them on, when the browser lets us, or off. */
export async function swapBrowserNotes(): Promise<void> {
  if (browserNotes.read() === "on") return browserNotes.choose("off");
  if (!("Notification" in window)) return toast("This browser has no notifications.");
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return toast("This browser does not let Accord notify: allow it in the settings of this page.");
  browserNotes.choose("on");
  toast("This browser tells what is raised, while a tab of Accord is open");
}

// A tab out of sight hears of nothing and asks for nothing; this one question goes on.
const HIDDEN_MS = seconds(30);

/** Says each alert once that is raised while the page is open; `n` is how many call for somebody, which comes with the zones. */
export function useBrowserNotes(n: number | undefined): void {
  const client = useQueryClient();
  const router = useRouter();
  const choice = browserNotes.use();
  const told = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (choice !== "on" || n === undefined || Notification.permission !== "granted") return;
    let left = false;
    const ask = () =>
      client.fetchQuery({ ...bellQuery(), staleTime: 0 }).then(
        ({ first }) => {
          if (left) return;
          // What was raised before the page was opened is no news.
          const news = told.current === null ? [] : first.filter(({ alertId }) => !told.current!.has(alertId));
          told.current = new Set([...(told.current ?? []), ...first.map(({ alertId }) => alertId)]);
          for (const { alertId, words, zone } of news) {
            // The same alert in several tabs is one note.
            const note = new Notification(words, { body: zone.title, tag: `accord-alert-${alertId}` });
            note.onclick = () => {
              window.focus();
              router.push(alertHref(alertId));
            };
          }
        },
        // The bell itself says when nothing can be asked.
        () => {},
      );
    ask();
    const timer = setInterval(() => document.hidden && ask(), HIDDEN_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [choice, n, client, router]);
}
