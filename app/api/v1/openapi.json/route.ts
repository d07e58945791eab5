export { openApi as GET } from "@/app/_server/openapi/serve";
