import { write } from "@/app/_server/write";
import { parseDeploy } from "@/lib/deploys/input";
import { markDeploy } from "@/lib/deploys/service";

export const POST = write(parseDeploy, markDeploy);
