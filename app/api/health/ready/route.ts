export { ready as GET } from "@/app/_server/health";

export const dynamic = "force-dynamic";
