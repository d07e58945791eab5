import type { Metadata } from "next";
import { Entrance } from "@/components/operators/entrance";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = { title: "Sign out" };

export default function SignOutPage() {
  return (
    <Entrance title="Sign out of Accord?" note="This browser's session ends at once. Others stay open.">
      <form method="post" action="/api/sign-out">
        <Button type="submit" tone="primary" className="w-full">
          Sign out
        </Button>
      </form>
    </Entrance>
  );
}
