"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import type { Token } from "@/lib/tokens/rules";
import { requestRevocation } from "./actions";

/** Asks once more: whatever shows this token stops at once. */
export function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const client = useQueryClient();
  const mutation = useIntent(requestRevocation, {
    onSuccess: () => {
      toast(`${token.name} is revoked`);
      onClose();
      // Tokens stand on two screens: by themselves, and beside their owner.
      return Promise.all(["tokens", "people"].map((noun) => client.invalidateQueries({ queryKey: [noun] })));
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke ${token.name}?`}
      foot={
        <>
          <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
            Keep it
          </Button>
          <Button tone="danger" busy={mutation.isPending && "Revoking"} onClick={() => mutation.mutate(token.id)}>
            Revoke token
          </Button>
        </>
      }
    >
      <div className="space-y-3 px-dialog-x py-dialog-y text-ink-2 max-md:px-4">
        {mutation.error && <Banner look="at_risk" title={mutation.error.message} />}
        <p>Whatever shows it is refused with its next request. This cannot be taken back; another token can be made.</p>
      </div>
    </Dialog>
  );
}
