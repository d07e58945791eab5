import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";

/** What stands in place of a form for whoever has to sign in once more; they come back to where they were. */
export function SignInAgain({ to }: { to: string }) {
  return (
    <div className="flex flex-col items-start gap-3.75 px-dialog-x py-dialog-y max-md:px-4">
      <Banner look="at_risk" title="Sign in once more first">
        What is made here outlives this session, so it takes a sign-in of the last ten minutes. You come back to this page.
      </Banner>
      <ButtonLink tone="primary" href={`/sign-in?again=1&from=${encodeURIComponent(to)}`}>
        Sign in again
      </ButtonLink>
    </div>
  );
}
