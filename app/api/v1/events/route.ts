export { liveEvents as GET } from "@/app/_server/live/events";
