import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseTrends } from "@/lib/zones/input";
import { readZoneTrends } from "@/lib/zones/trends";

export const GET = read(parseTrends, shared(readZoneTrends));
