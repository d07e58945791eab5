import { withKey } from "@/app/_server/second-factor";
import { write } from "@/app/_server/write";
import { parseFactorCode } from "@/lib/operators/second-factor/input";
import { confirmFactor } from "@/lib/operators/second-factor/service";

export const POST = write(parseFactorCode, withKey(confirmFactor), { early: "factor" });
