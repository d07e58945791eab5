import type { Metadata } from "next";
import { environment } from "@/app/_server/me";
import { Entrance } from "@/components/operators/entrance";
import { SignOutForm } from "@/components/operators/sign-out-form";

export const metadata: Metadata = { title: "Sign out" };

export default async function SignOutPage() {
  return (
    <Entrance
      title="Sign out of Accord?"
      note="This browser's session ends at once. Others stay open."
      environment={await environment()}
    >
      <SignOutForm />
    </Entrance>
  );
}
