export { metrics as GET } from "@/app/_server/metrics/serve";

export const dynamic = "force-dynamic";
