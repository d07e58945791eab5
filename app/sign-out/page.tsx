import type { Metadata } from "next";
import { Entrance } from "@/components/operators/entrance";
import { SignOutForm } from "@/components/operators/sign-out-form";

export const metadata: Metadata = { title: "Sign out" };

export default function SignOutPage() {
  return (
    <Entrance title="Sign out of Accord?" note="This browser's session ends at once. Others stay open.">
      <SignOutForm />
    </Entrance>
  );
}
