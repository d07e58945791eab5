import { withIssuer } from "@/app/_server/second-factor";
import { write } from "@/app/_server/write";
import { parseFactorStart } from "@/lib/operators/second-factor/input";

export const POST = write(parseFactorStart, withIssuer, { early: "factor" });
