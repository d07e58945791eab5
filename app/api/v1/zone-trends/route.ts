import { read } from "@/app/_server/read";
import { parseTrends } from "@/lib/zones/input";
import { readZoneTrends } from "@/lib/zones/trends";

export const GET = read(parseTrends, readZoneTrends);
