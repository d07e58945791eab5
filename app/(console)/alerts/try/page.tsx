import type { Metadata } from "next";
import { page } from "@/app/_server/page";
import { TryScreen } from "@/components/alerts/try-screen";

export const metadata: Metadata = { title: "Try a condition" };

export default page(() => ({ needs: [], screen: <TryScreen /> }));
