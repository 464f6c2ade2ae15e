import { mount } from "./mount.js";
import { isHash } from "./view.js";

/**
 * Start the explorer in a page: at once, or where it lies in a fold, when that is opened or the address asks for it.
 */
function startInPage() {
  const home = document.getElementById("explore");
  const packed = document.getElementById("explore-data");
  const fold = home?.closest("details");
  let shown = false;

  function show() {
    if (shown || !home || !packed) return;
    shown = true;
    const text = atob(packed.textContent ?? "");
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    Object.assign(home, { explorer: mount(home, bytes, { address: true }) });
  }

  function asked() {
    if (!fold || !isHash(location.hash)) return;
    fold.open = true;
    show();
    fold.scrollIntoView();
  }

  if (!fold || fold.open) return show();
  fold.addEventListener("toggle", () => fold.open && show());
  addEventListener("hashchange", asked);
  asked();
}

startInPage();
