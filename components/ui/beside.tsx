"use client";
import { type ComponentProps, type RefObject, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { type Beside, besideOf } from "./beside.rules";

type Props = ComponentProps<"div"> & {
  anchor: RefObject<HTMLElement | null>;
  place: Beside;
  ref?: RefObject<HTMLDivElement | null>;
};

/**
 * What floats over the page beside its anchor, and stays there while the page moves. It is of our own: the library that places things
 * anyhow and anywhere is a tenth of what a page weighs, for two menus and a hint.
 */
export function FloatsBeside({ anchor, place: { side, align, gapPx }, ref, children, ...rest }: Props) {
  const own = useRef<HTMLDivElement>(null);
  const floating = ref ?? own;
  useLayoutEffect(() => {
    const put = () => {
      const [box, element] = [anchor.current?.getBoundingClientRect(), floating.current];
      if (!box || !element) return;
      const size = { width: element.offsetWidth, height: element.offsetHeight };
      const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
      const { left, top } = besideOf(box, size, room, { side, align, gapPx });
      Object.assign(element.style, { left: `${Math.round(left)}px`, top: `${Math.round(top)}px` });
    };
    put();
    // What stands in it may come or change, and the anchor moves with whatever scrolls.
    const observer = new ResizeObserver(put);
    if (floating.current) observer.observe(floating.current);
    window.addEventListener("scroll", put, { capture: true, passive: true });
    window.addEventListener("resize", put);
    return () => {
      observer.disconnect();
      window.removeEventListener("scroll", put, { capture: true });
      window.removeEventListener("resize", put);
    };
  }, [anchor, floating, side, align, gapPx]);
  return createPortal(
    <div ref={floating} {...rest}>
      {children}
    </div>,
    document.body,
  );
}
