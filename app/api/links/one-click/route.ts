export { showUnsubscribe as GET, unsubscribeAtOnce as POST } from "@/app/_server/one-click";
