import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { PeopleScreen } from "@/components/operators/people-screen";
import { peopleQuery } from "@/components/operators/queries";
import { parseNothing } from "@/lib/operators/input";
import { listOperators } from "@/lib/operators/service";

export const metadata: Metadata = { title: "People" };

export default page(() => ({ needs: [one(peopleQuery(), parseNothing, listOperators, {})], screen: <PeopleScreen /> }));
