"use client";
import { useEffect } from "react";
import { Toaster as Sonner, toast } from "sonner";
import { deliverTo } from "./toast";

/** Where short news appears: dark strip at the bottom, above the bottom bar on a phone. */
export function ToastList() {
  // Its own effects run before these: what is said from here on is shown.
  useEffect(() => deliverTo(({ text, action }) => toast(text, action && { action })), []);
  return (
    <Sonner
      position="bottom-center"
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-full items-center gap-3 rounded-panel bg-ink px-3.5 py-2.5 text-13 text-canvas shadow-float",
          actionButton: "ml-auto shrink-0 whitespace-nowrap font-semibold underline underline-offset-3",
          description: "text-12 opacity-75",
        },
      }}
    />
  );
}
