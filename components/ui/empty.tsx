import type { ReactNode } from "react";
import { VerdictGlyph } from "./glyph";
import { Icon, type IconName } from "./icons";

type Props = {
  kind: "good" | "first-use" | "filtered" | "error";
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: IconName;
  /** It is all that the screen says, so its title is the screen's. */
  headline?: boolean;
};

/** Nothing to show, and why: good news, nothing made yet, a filter that hides all, or a failure. */
export function Empty({ kind, title, children, actions, icon, headline = false }: Props) {
  const Title = headline ? "h1" : "h2";
  return (
    <div className="flex items-start gap-3.5 px-6 py-6.5" role={kind === "error" ? "alert" : undefined}>
      {kind === "good" && <VerdictGlyph verdict="healthy" size={20} className="mt-px" />}
      {kind === "error" && <VerdictGlyph verdict="breached" size={20} className="mt-px" />}
      {kind === "first-use" && <Icon name={icon ?? "contract"} size={20} className="mt-px text-ink-3" />}
      {kind === "filtered" && <Icon name="search" size={20} className="mt-px text-ink-3" />}
      <div className="min-w-0">
        <Title className="text-15 font-semibold">{title}</Title>
        {children && <div className="mt-0.5 max-w-52ch text-ink-2">{children}</div>}
        {actions && <div className="mt-3 flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </div>
  );
}
