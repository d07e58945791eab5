"use client";
import { Button } from "./button";

type Paged = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
type Props = { query: Paged; words?: string; apart?: boolean };

/** The way to the next page of a list, while there is one: at the foot of its panel, or apart below the list. */
export function ShowMore({ query, words = "Show more", apart = false }: Props) {
  if (!query.hasNextPage) return null;
  const press = { busy: query.isFetchingNextPage && "Loading", onClick: () => void query.fetchNextPage() };
  if (apart)
    return (
      <Button className="mt-3" {...press}>
        {words}
      </Button>
    );
  return (
    <div className="border-t px-3.5 py-2">
      <Button size="sm" {...press}>
        {words}
      </Button>
    </div>
  );
}
