export { alive as GET } from "@/app/_server/health";

export const dynamic = "force-dynamic";
