const KEY = "accord-theme";

/** Runs before the first paint, so that a chosen theme never flashes; without a choice the system decides. */
export const themeScript = `try{var t=localStorage.getItem("${KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;

/** Swaps light and dark, from what is seen now, and remembers it. */
export function swapTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem(KEY, root.dataset.theme);
  } catch {
    // A browser that keeps nothing still shows the theme until the page is left.
  }
}
