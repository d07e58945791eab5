export { signOut as POST } from "@/app/_server/sign-out";
