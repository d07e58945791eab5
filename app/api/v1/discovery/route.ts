import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseNothing } from "@/lib/operators/input";
import { readDiscovery, requestDiscovery } from "@/lib/sources/discovery";
import { parseDiscovery } from "@/lib/sources/input";

export const GET = read(parseNothing, readDiscovery);
export const POST = write(parseDiscovery, requestDiscovery);
