import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { Icon, type IconName } from "./icons";
import { Kbd } from "./kbd";
import { Link } from "./link";
import { Spinner } from "./spinner";

const buttonLook = cva(
  "inline-flex flex-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-colors duration-90",
  {
    variants: {
      tone: {
        primary: "border-transparent bg-accent-fill text-on-accent hover:bg-accent-hover",
        default: "border-line-strong bg-surface text-ink hover:border-ink-mute hover:bg-hover",
        danger: "border-breach-edge bg-surface text-breach-fg hover:bg-breach-tint",
        ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink",
      },
      size: { md: "h-control px-2.75 text-13 max-md:h-11", sm: "h-compact px-2.25 text-12 max-md:h-11 max-md:text-13" },
    },
    defaultVariants: { tone: "default", size: "md" },
  },
);

type Look = VariantProps<typeof buttonLook> & { icon?: IconName; shortcut?: string; children: ReactNode };

const blockedLook = "cursor-not-allowed border-line bg-sunken text-ink-3 hover:border-line hover:bg-sunken";

type ButtonProps = Look & Omit<ComponentProps<"button">, "children"> & { busy?: string | false; blocked?: string | null };

/**
 * A button is a verb and its object. `busy` is the verb that changes ("Sending"). `blocked` says who can, or why not:
 * the button stays visible and focusable, and does nothing.
 */
export function Button({
  tone,
  size,
  icon,
  shortcut,
  busy,
  blocked,
  children,
  className,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const still = Boolean(busy) || Boolean(blocked);
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={still || undefined}
      aria-busy={busy ? true : undefined}
      title={blocked ?? rest.title}
      onClick={(event) => (still ? event.preventDefault() : onClick?.(event))}
      className={cn(buttonLook({ tone, size }), blocked && blockedLook, busy && "cursor-progress", className)}
    >
      {busy ? <Spinner /> : blocked ? <Icon name="lock" size={14} /> : icon && <Icon name={icon} size={14} />}
      {busy || children}
      {shortcut && !busy && !blocked && <Kbd on={tone === "primary" ? "fill" : "surface"}>{shortcut}</Kbd>}
    </button>
  );
}

/** A way somewhere that looks like a button. */
export function ButtonLink({
  tone,
  size,
  icon,
  shortcut,
  children,
  className,
  href,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  return (
    <Link href={href} {...rest} className={cn(buttonLook({ tone, size }), className)}>
      {icon && <Icon name={icon} size={14} />}
      {children}
      {shortcut && <Kbd on={tone === "primary" ? "fill" : "surface"}>{shortcut}</Kbd>}
    </Link>
  );
}

/** A square button that holds one icon and always has a name. */
export function IconButton({
  name,
  label,
  size = 16,
  className,
  ...rest
}: { name: IconName; label: string; size?: 14 | 16 } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cn(
        "inline-grid size-7 flex-none place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink max-md:size-11",
        className,
      )}
    >
      <Icon name={name} size={size} />
    </button>
  );
}
