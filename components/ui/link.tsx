import NextLink from "next/link";
import type { ComponentProps } from "react";

/** A link within the console. Nothing is fetched before somebody follows it: a list of fifty rows would ask for fifty pages. */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
