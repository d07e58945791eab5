import { read } from "@/app/_server/read";
import { readContractRevision } from "@/lib/contracts/service";
import { parseRevision } from "@/lib/zones/input";

export const GET = read(parseRevision, readContractRevision);
