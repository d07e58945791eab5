"use client";
import { Button } from "@/components/ui/button";

/** A plain form, so that leaving works while scripts do not. */
export function SignOutForm() {
  return (
    <form method="post" action="/api/sign-out">
      <Button type="submit" tone="primary" className="w-full">
        Sign out
      </Button>
    </form>
  );
}
