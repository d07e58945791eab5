import { withKey } from "@/app/_server/second-factor";
import { write } from "@/app/_server/write";
import { parseFactorEnd } from "@/lib/operators/second-factor/input";
import { removeFactor } from "@/lib/operators/second-factor/service";

export const POST = write(parseFactorEnd, withKey(removeFactor));
