import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { PeopleView, PersonView } from "@/lib/operators/views";

const root = "/api/v1/operators";
// "Last seen" is written once a minute.
const calm = { refetchInterval: 30_000, refetchIntervalInBackground: false } as const;

export const peopleQuery = () =>
  queryOptions({ queryKey: ["people", "list"], queryFn: ({ signal }) => getJson<PeopleView>(root, signal), ...calm });

export const personQuery = (operatorId: string) =>
  queryOptions({
    queryKey: ["people", "one", operatorId],
    queryFn: ({ signal }) => getJson<PersonView>(`${root}/${encodeURIComponent(operatorId)}`, signal),
    ...calm,
  });
