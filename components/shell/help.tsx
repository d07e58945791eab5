"use client";
import { createContext, useContext } from "react";
import { onDemand } from "@/components/ui/on-demand";

type Help = { open: boolean; setOpen: (open: boolean) => void };

export const HelpContext = createContext<Help>({ open: false, setOpen: () => {} });
export const useHelp = (): Help => useContext(HelpContext);

const HelpDialog = onDemand(() => import("./help-dialog").then((loaded) => loaded.HelpDialog));

/** The keyboard map, where somebody asked for it. */
export function HelpWhenAsked() {
  const { open, setOpen } = useHelp();
  return open && <HelpDialog onClose={() => setOpen(false)} />;
}
