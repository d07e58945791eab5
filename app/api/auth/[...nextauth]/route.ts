export { handleAuth as GET, handleAuth as POST } from "@/app/_server/session";
